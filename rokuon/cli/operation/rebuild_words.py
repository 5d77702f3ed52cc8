"""What an index that was built anew has not, in words and as rows.

Knows nothing of how it is built.
"""

from collections.abc import Callable
from typing import Final

from archive.catalog.database.database_errors import words
from archive.restore.archive_reader import Damage, DamagedFile
from archive.restore.index_rebuild import Reindexed
from rokuon.cli.terminal.output import Row
from rokuon.messages.error_words import words_of
from rokuon.messages.i18n import tr

_WORDS: Final[dict[Damage, Callable[[], str]]] = {
    Damage.FOREIGN_NAME: lambda: tr("its name is not that of a part"),
    Damage.MISPLACED: lambda: tr("it is another part, or lies in a folder of another day"),
    Damage.UNREADABLE: lambda: "{said}",
    Damage.OUT_OF_ORDER: lambda: tr(
        "it is not in the index: it comes behind the last part of its recording,"
        " or is of another node than the first"
    ),
    Damage.REFUSED: lambda: tr("the catalog does not take it: {said}"),
    Damage.FACTS_CLOSED: lambda: tr("what is told of it, its audio gone, does not open"),
}
_LOST: Final[dict[str, Callable[[], str]]] = {
    "missing": lambda: tr("it was in the archive and is not there any more"),
    "damaged": lambda: tr("it is in the archive and cannot be read any more"),
}


def value_of(built: Reindexed) -> Row:
    """All of it, for programs."""
    return {
        "parts": built.parts,
        "damaged": damage_rows(built),
        "left_out": [{"part": name} for name in built.left_out],
        "lost": [{"part": str(each.name), "because": each.because} for each in built.lost],
    }


def damage_rows(built: Reindexed) -> list[Row]:
    """A row for each that cannot be read."""
    return [{"part": each.name, "damage": _said(each)} for each in built.damaged]


def lost_rows(built: Reindexed) -> list[Row]:
    """A row for each that the archive has no more."""
    return [{"part": str(each.name), "damage": _LOST[each.because]()} for each in built.lost]


def _said(file: DamagedFile) -> str:
    said = ""
    if file.error is not None:
        in_words = words if file.damage is Damage.REFUSED else words_of
        said = in_words(file.error)
    return _WORDS[file.damage]().format(said=said)
