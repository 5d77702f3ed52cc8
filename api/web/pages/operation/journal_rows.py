"""Entries of the journal as rows: who, what, about what, and the details in words.

Pure. Knows nothing of what is asked of the journal.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from api.web.http.language import Reader
from api.words.clue_words import LEADING, WORDED
from api.words.journal_words import DETAILS, KINDS, REFUSALS, VALUES
from api.words.time_words import moment_told
from api.words.values import WORDS
from archive.catalog.journal.entries import Action, Detail, Entry, JournalEntry
from archive.moments import moment

_ID: Final = re.compile(r"[0-9a-f]{32}")
_PROPOSAL: Final = "proposal:"


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalRow:
    """One entry; `details` are pairs of a name and a value, in words where there are any.

    `texts_gone_us`: since when what people typed into it is gone by its rule.
    """

    seq: int
    at_us: int
    actor: str
    action: Action
    target: str
    purpose: str
    details: tuple[tuple[str, str], ...]
    texts_gone_us: int | None = None

    @property
    def call(self) -> str:
        """The id of the call or recording that it is about; "" where it is about another thing."""
        return self.target if _ID.fullmatch(self.target) else ""

    @property
    def proposal(self) -> str:
        """The number of the proposal that it is about; "" where it is about another thing."""
        return self.target.removeprefix(_PROPOSAL) if self.target.startswith(_PROPOSAL) else ""


@dataclass(frozen=True, slots=True)
class RowWords:
    """The words of rows: the language and the zone of who reads them."""

    reader: Reader
    zone: ZoneInfo

    def row(self, line: JournalEntry) -> JournalRow:
        """An entry for its reader."""
        entry = line.entry
        return JournalRow(
            seq=line.seq,
            at_us=entry.at_us,
            actor=entry.actor,
            action=entry.action,
            target=entry.target,
            purpose=entry.reason,
            details=tuple(self._details(entry)),
            texts_gone_us=line.texts_gone_us,
        )

    def _details(self, entry: Entry) -> Iterator[tuple[str, str]]:
        for name, value in entry.detail.items():
            told = self._told(entry.action, name, value)
            if told:
                yield self._words(DETAILS.get(name, "")) or name, told

    def _told(self, action: Action, name: str, value: Detail) -> str:
        if name in ("until_us", "in_force_us", "grace_until_us") and isinstance(value, int):
            return self._moment(moment(value))
        values = value if isinstance(value, list) else [str(value)]
        return ", ".join(self._value(action, name, each) for each in values)

    def _value(self, action: Action, name: str, value: str) -> str:
        table = REFUSALS if (action, name) == ("refused", "why") else VALUES.get(name, {})
        table = WORDS[KINDS[name]] if name in KINDS else table
        if value in table:
            return self._words(table[value])
        if name in ("from", "to"):
            return self._time(value)
        return self._led(value) if name in ("clues", "reach") else value

    def _led(self, text: str) -> str:
        """What was looked for, or a part of a reach: its first word says what it is."""
        first, _, rest = text.partition(" ")
        if first not in LEADING:
            return text
        table = WORDS[first] if first in WORDED else {}
        told = self._words(table.get(rest, "")) or rest
        if first == "when":
            told = " – ".join(map(self._time, rest.split("–")))
        return f"{self._words(LEADING[first])} {told}".strip()

    def _time(self, text: str) -> str:
        try:
            return self._moment(datetime.fromisoformat(text))
        except ValueError:
            return text

    def _moment(self, moment: datetime) -> str:
        return moment_told(moment, self.zone, self.reader.language, seconds=False)

    def _words(self, source: str) -> str:
        return self.reader.words(self.reader.language, source) if source else ""
