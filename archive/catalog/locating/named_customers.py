"""Recordings in which a customer's name stands as it is told, or as it is taken for.

By the likely writings of the name, looked up in what legs are called, in what a source mentions and
in what was written about a call. Knows nothing of who may see them, nor of scores but the rate.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Connection, Select, or_, select, union_all

from archive.access.query import ALWAYS, CustomerClue, QueryRefused
from archive.catalog.search.clues import PEOPLE, Span, begins_with, recordings_of
from archive.catalog.tables.catalog import (
    leg_name,
    leg_naming,
    mention,
    naming_word,
    recording,
    text_piece,
)
from archive.locate.gist import bigrams
from archive.locate.who.full_names import part_full_name
from archive.locate.who.kanji import has_kanji
from archive.locate.who.morae import is_kana
from archive.locate.who.titles import untitled
from archive.locate.who.writings import LEAST, ToldWord, Writing, told_words

# The newest that a text finds; one that more calls have says hardly anything of any.
MOST_FOUND: Final = 100_000
_ALWAYS: Final = Span(ALWAYS.start_us - 1, ALWAYS.end_us)
# Guesses: longer words than that which is told; a name of which the half is told otherwise.
CUT_SHORT: Final = -1.8
OTHER_HALF: Final = -4.0
# Whose name it is that a source mentions or a note has, nobody says.
MENTIONED: Final = -0.7
WRITTEN: Final = -1.2
_MIN_WRITTEN: Final = 2
_MIN_LETTERS: Final = 3
_MOST_WRITTEN: Final = 16
_LEAST_WRITTEN: Final = -1.0
_NO_ROWS: Final = np.empty((2, 0), np.int64)


@dataclass(frozen=True, slots=True)
class NamedCalls:
    """Recordings with their beginning, in the order of their rows, and the rate of each."""

    rows: NDArray[np.int64]
    log_rates: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Words:
    """Words that stand in one name together, and what is taken away because others do not."""

    words: Sequence[ToldWord]
    log_rate: float = 0.0


_Found = Iterator[tuple[int, int, float]]


@dataclass(frozen=True, slots=True)
class NamedCustomers:
    """Asks the indexes of a tenant."""

    connection: Connection
    tenant: int

    def certain(self, name: str) -> NDArray[np.int64]:
        """Those of every word as it is told, from its beginning: what exact filters find."""
        try:
            found = recordings_of(self.tenant, CustomerClue(name), _ALWAYS)
        except QueryRefused:
            return _NO_ROWS
        assert found is not None
        own = recording.c
        # By their rows: `+ 0` keeps the tenant's index out of it.
        wanted = select(own.row, own.started_us).where(
            own.tenant + 0 == self.tenant, own.row.in_(found)
        )
        newest = self._fetched(wanted.order_by(own.started_us.desc()))
        return np.array(newest, np.int64).reshape(-1, 2).T

    def likely(self, names: Iterable[str]) -> NamedCalls:
        """Those of any of these names, each at its best rate."""
        found = [each for name in names for each in self._likely(name)]
        if not found:
            return NamedCalls(_NO_ROWS, np.empty(0))
        rows = np.array([each[:2] for each in found], np.int64).T
        log_rates = np.array([each[2] for each in found])
        order = np.lexsort((-log_rates, rows[0]))
        _, first = np.unique(rows[0][order], return_index=True)
        best = order[first]
        return NamedCalls(rows[:, best], log_rates[best])

    def _likely(self, name: str) -> _Found:
        if not (told := told_words(name)):
            return
        for each in _together(told):
            yield from self._of_legs(each)
            yield from self._of_old_legs(each)
            yield from self._mentioned(each)
        for surname in _surnames(told):
            yield from self._longer(surname)
        if len(told) > 1:
            yield from ((row, at_us, CUT_SHORT) for row, at_us in self.certain(name).T.tolist())
        yield from self._written(told)

    def _of_legs(self, told: _Words) -> _Found:
        tables = [naming_word.alias() for _ in told.words]
        own, first = leg_naming.c, tables[0].c
        wanted = select(own.recording, own.started_us, *(each.c.folded for each in tables))
        for each in tables[1:]:
            wanted = wanted.where(each.c.tenant == self.tenant, each.c.naming == first.naming)
        wanted = wanted.where(
            first.tenant == self.tenant,
            own.tenant == self.tenant,
            own.naming == first.naming,
            own.side != "agent",
            *_stand_in(tables, told.words),
        )
        yield from _rated(self._fetched(wanted.order_by(own.started_us.desc())), told)

    def _of_old_legs(self, told: _Words) -> _Found:
        tables = [leg_name.alias() for _ in told.words]
        first = tables[0].c
        wanted = select(first.recording, first.started_us, *(e.c.folded for e in tables))
        for each in tables[1:]:
            same = (each.c.started_us == first.started_us, each.c.leg == first.leg)
            wanted = wanted.where(each.c.tenant == self.tenant, *same)
        wanted = wanted.where(
            first.tenant == self.tenant, first.side != "agent", *_stand_in(tables, told.words)
        )
        yield from _rated(self._fetched(wanted.order_by(first.started_us.desc())), told)

    def _mentioned(self, told: _Words) -> _Found:
        tables = [mention.alias() for _ in told.words]
        first = tables[0].c
        wanted = select(first.recording, first.started_us, *(e.c.folded for e in tables))
        for each in tables[1:]:
            same = (
                each.c.started_us == first.started_us,
                each.c.recording == first.recording,
                each.c.nth == first.nth,
            )
            wanted = wanted.where(each.c.tenant == self.tenant, each.c.kind == "name", *same)
        wanted = wanted.where(
            first.tenant == self.tenant,
            first.kind == "name",
            _told_of_people(first.told_as),
            *_stand_in(tables, told.words),
        )
        found = self._fetched(wanted.order_by(first.started_us.desc()))
        yield from _rated(found, _Words(told.words, told.log_rate + MENTIONED))

    def _longer(self, told: _Words) -> _Found:
        """Words that begin with a surname: 田中太郎 and 田中ビル."""
        word = told.words[0]
        begins_of = cache(partial(_begins, word))
        for longer, rate in ((self._long_names, 0.0), (self._long_mentions, MENTIONED)):
            if not (ranges := [part for each in word.prefixes for part in longer(each.text)]):
                return
            found = union_all(*ranges).subquery()
            newest = select(found).order_by(found.c.started_us.desc())
            for row, at_us, folded in self._fetched(newest):
                if (begins := begins_of(folded)) is not None:
                    yield row, at_us, begins + told.log_rate + rate

    def _long_names(self, begin: str) -> tuple[Select[Any], ...]:
        """Each beginning by itself: SQLite would read all names for one or the other."""
        naming, own, before = naming_word.c, leg_naming.c, leg_name.c
        now = select(own.recording, own.started_us, naming.folded).where(
            naming.tenant == self.tenant,
            begins_with(naming.folded, begin),
            own.tenant == self.tenant,
            own.naming == naming.naming,
            own.side != "agent",
        )
        then = select(before.recording, before.started_us, before.folded).where(
            before.tenant == self.tenant, before.side != "agent", begins_with(before.folded, begin)
        )
        return now, then

    def _long_mentions(self, begin: str) -> tuple[Select[Any], ...]:
        beside = mention.c
        told = select(beside.recording, beside.started_us, beside.folded).where(
            beside.tenant == self.tenant,
            beside.kind == "name",
            _told_of_people(beside.told_as),
            begins_with(beside.folded, begin),
        )
        return (told,)

    def _written(self, told: Sequence[ToldWord]) -> _Found:
        """In notes and tags: the name in kanji, katakana or Latin letters as it may stand there."""
        pieces = {each: bigrams(_as_written(each.text)) for each in _in_notes(told)}
        every = sorted({piece for some in pieces.values() for piece in some})
        if not every:
            return
        own = text_piece.c
        wanted = select(own.recording, own.started_us, own.piece).where(
            own.tenant == self.tenant, own.piece.in_(every)
        )
        found: dict[str, dict[int, int]] = {}
        for row, at_us, piece in self._fetched(wanted.order_by(own.started_us.desc())):
            found.setdefault(piece, {})[row] = at_us
        for each, some in pieces.items():
            sets = [found.get(piece, {}) for piece in some]
            for row in set.intersection(*map(set, sets)):
                yield row, sets[0][row], each.log_rate + WRITTEN

    def _fetched(self, rows: Select[Any]) -> Sequence[Any]:
        found = self.connection.execute(rows.limit(MOST_FOUND))
        return found.cursor.fetchall() if found.cursor else []  # as they are: they may be many


def _together(told: Sequence[ToldWord]) -> Iterator[_Words]:
    """All words in one name; run together, or parted; then what may be the surname alone."""
    yield _Words(told)
    if len(told) > 1:
        yield _Words(told_words("".join(each.text for each in told)))
    elif (parts := part_full_name(told[0].text)) is not None:
        yield _Words((*told_words(parts.surname), *told_words(parts.given)))
    yield from (each for each in _surnames(told) if each.log_rate)


def _surnames(told: Sequence[ToldWord]) -> Iterator[_Words]:
    """What may be the surname: of Latin letters the last word or, as in Japan, the first."""
    if len(told) > 1:
        latin = told[-1].text.isascii()
        yield from (
            _Words((each,), OTHER_HALF) for each in ((told[-1], told[0]) if latin else told[:1])
        )
    elif (parts := part_full_name(told[0].text)) is not None:
        yield _Words(told_words(parts.surname), OTHER_HALF)
    else:
        yield _Words(told)


def _stand_in(tables: Sequence[Any], words: Sequence[ToldWord]) -> Iterator[ColumnElement[bool]]:
    for table, word in zip(tables, words, strict=True):
        yield table.c.folded.in_([each.text for each in word.writings])


def _begins(told: ToldWord, folded: str) -> float | None:
    """The rate of a longer word; what was not typed must be a surname in it: no 小野 in 小野寺."""
    rates = [
        each.log_rate
        for each in told.prefixes
        if folded.startswith(each.text)
        and (each.text == told.text or not told.writings or _is_surname_in(each.text, folded))
    ]
    return max(rates, default=None)


def _is_surname_in(surname: str, folded: str) -> bool:
    parts = part_full_name(untitled(folded))
    return untitled(folded) == surname or (parts is not None and parts.surname == surname)


def _told_of_people(told_as: ColumnElement[str]) -> ColumnElement[bool]:
    return or_(*(told_as == each for each in PEOPLE))


def _rated(rows: Iterable[Sequence[Any]], told: _Words) -> _Found:
    rates: list[Mapping[str, float]] = [
        {each.text: each.log_rate for each in word.writings} for word in told.words
    ]
    for row, at_us, *words in rows:
        log_rate = told.log_rate + sum(own[word] for own, word in zip(rates, words, strict=True))
        if log_rate >= LEAST:
            yield row, at_us, log_rate


def _in_notes(told: Sequence[ToldWord]) -> Iterator[Writing]:
    """What is sure of one word, or of two run together as they are in Japanese."""
    if len(told) > 1:
        text = "".join(each.text for each in told)
        yield Writing(text if has_kanji(text) else " ".join(each.text for each in told), 0.0)
        return
    some = [each for each in told[0].writings if each.log_rate >= _LEAST_WRITTEN]
    fit = (each for each in some if _may_be_found(each.text))
    yield from list(fit)[:_MOST_WRITTEN]


def _may_be_found(word: str) -> bool:
    if has_kanji(word):
        return len(word) >= _MIN_WRITTEN
    return len(word) >= _MIN_LETTERS and (is_kana(word) or word.isascii())


def _as_written(word: str) -> str:
    """Names that are no kanji stand in katakana in notes; beside kanji no hiragana is found."""
    if not is_kana(word):
        return word
    return "".join(chr(ord(each) + 0x60) if "ぁ" <= each <= "ゖ" else each for each in word)
