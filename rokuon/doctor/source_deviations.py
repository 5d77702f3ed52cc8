"""What a source does otherwise than the RFCs say, and what it leaves to guesses.

Each code in words, over all its recordings; guesses over the newest. Knows nothing of SIP or SQL.
"""

from dataclasses import dataclass
from typing import Final

from archive.catalog.access.grants import Ask, SearchGrant, grant
from archive.catalog.database.engine import reading
from archive.catalog.search.source_guesses import SourceGuesses, granted_guesses
from archive.catalog.search.tolerances import ToleranceCount, tolerances_of
from archive.moments import moment
from rokuon.compose.archive.catalog import local_access, present_catalog
from rokuon.config.schema import Config
from rokuon.messages.i18n import tr

Shown = dict[str, object]
# How a source is now, its recordings of so many days say.
DAYS: Final = 30
_DAY_US: Final = 86_400_000_000

# The codes of docs/siprec.md.
WORDS: Final = {
    "TOL-001": tr("no siprec in Require"),
    "TOL-002": tr("no +sip.src in Contact"),
    "TOL-003": tr("no metadata with the first INVITE"),
    "TOL-004": tr("metadata in a dialect of a draft"),
    "TOL-005": tr("metadata that cannot be read"),
    "TOL-006": tr("an m-line without a label"),
    "TOL-007": tr("a label in the metadata that no m-line has"),
    "TOL-008": tr("an m-line that is neither sendonly nor inactive"),
    "TOL-009": tr("a partial document before any complete one"),
    "TOL-010": tr("an id that is not base64 of a UUID"),
    "TOL-011": tr("a time without an offset, or one that cannot be right"),
    "TOL-012": tr("several speakers in one stream"),
    "TOL-013": tr("a body without Content-Type"),
    "TOL-014": tr("a description without v=0, or with an m-line that cannot be read"),
    "TOL-015": tr("more metadata than a session may say"),
    "TOL-016": tr("an address without its closing bracket"),
    "TOL-017": tr("a BYE with a lower CSeq than before"),
    "TOL-018": tr("a CSeq that names another method"),
    "TOL-019": tr("a BYE without To tag"),
    "TOL-020": tr("a request within a dialog from another source"),
}


@dataclass(frozen=True, slots=True)
class SourceReport:
    """A row for each code that the source's recordings have, and what of them is a guess."""

    rows: list[Shown]
    guesses: SourceGuesses


def report_of(config: Config, source: str) -> SourceReport:
    """What there is to say of a source; journalled as a search."""
    ask = Ask(access=local_access(), detail={"report": source})
    country = next((each.country for each in config.source if each.name == source), "")
    with present_catalog(config) as engine:
        granted = grant(engine, SearchGrant, ask)
        since_us = granted.access.at_us - DAYS * _DAY_US
        with reading(engine) as connection:
            rows = [_row(found) for found in tolerances_of(connection, source, granted)]
            guesses = granted_guesses(connection, source, country, since_us, granted)
    return SourceReport([*rows, *_guess_rows(guesses)], guesses)


def _guess_rows(guesses: SourceGuesses) -> list[Shown]:
    """What nobody knows of the newest recordings; none where all is known."""
    counts = {
        "SIDES": (tr("sides that are a guess"), guesses.guessed),
        "DIRECTION": (tr("a direction that nobody knows"), guesses.undirected),
    }
    return [
        {
            "code": code,
            "what": what,
            "recordings": count,
            "of": guesses.recordings,
            **dict.fromkeys(("first", "last", "example"), ""),
            "detail": " ".join(guesses.short) if code == "SIDES" else "",
        }
        for code, (what, count) in counts.items()
        if count
    ]


def _row(found: ToleranceCount) -> Shown:
    return {
        "code": found.code,
        "what": WORDS.get(found.code, ""),
        "recordings": found.recordings,
        "of": "",
        "first": moment(found.first_us).isoformat(timespec="seconds"),
        "last": moment(found.last_us).isoformat(timespec="seconds"),
        "example": str(found.example),
        "detail": found.detail,
    }
