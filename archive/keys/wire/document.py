"""The page of what the key daemon is asked: `python -m archive.keys.wire.document docs`.

Knows nothing of what answers them.
"""

import re
import sys
from inspect import getdoc
from pathlib import Path
from typing import Final

from archive.keys.wire.message import AnswerMessage, AskerRole, Question
from archive.keys.wire.protocol import QUESTIONS

PAGE: Final = "key-questions.md"
_HEAD: Final = """\
# What the key daemon is asked

Made from the classes of `archive/keys/wire/` by `python -m archive.keys.wire.document docs`. The
frame stands in `docs/architecture.md`, Key daemon protocol. *On*: the sockets at which it may be
asked; at another it is refused with `not_permitted`. A keystore that is shut (`docs/backup.md`, The
gate) answers what has ✓ there, and refuses all else with `rolled_back` or `catalog_older`.

| ask | on | shut | fields | answer | |
|---|---|---|---|---|---|
"""


def page() -> str:
    """The whole page."""
    return _HEAD + "".join(map(_row, QUESTIONS))


def _row(kind: type[Question[AnswerMessage]]) -> str:
    on = ", ".join(role for role in AskerRole if role in kind.asked_by)
    answer = [name for name in kind.answer_type().__struct_fields__ if name != "ok"]
    cells = (
        f"`{kind.__struct_config__.tag}`",
        "all" if kind.asked_by == {*AskerRole} else on,
        "✓" if kind.while_shut else "",
        _named(kind.__struct_fields__),
        _named(answer),
        _said(kind),
    )
    return "|" + "|".join(f" {cell} " if cell else " " for cell in cells) + "|\n"


def _named(names: tuple[str, ...] | list[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _said(kind: type[object]) -> str:
    """What its class says of it, in one line, with its bounds in numbers."""
    bounds = vars(sys.modules[kind.__module__])
    words = " ".join((getdoc(kind) or "").split())
    return re.sub(r"`(MAX_\w+)`", lambda found: f"{bounds[found[1]]:,}", words)


def main() -> int:
    """Write the page into the folder that is named."""
    (Path(sys.argv[1]) / PAGE).write_text(page(), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
