"""What indexes find of ids, customers' names and what a call was about, as a ranking takes it.

Of recordings within reach alone. Knows nothing of scores.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from typing import Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Select, SelectBase, func, select

from archive.access.query import ALWAYS, IdClue, QueryRefused
from archive.catalog.database.plain_rows import plain_rows
from archive.catalog.database.portions import portions
from archive.catalog.locating.named_customers import MOST_FOUND, NamedCustomers
from archive.catalog.locating.recording_facts import stays_of_rows
from archive.catalog.search.clues import Span, recordings_of
from archive.catalog.tables.catalog import mark, recording, text_piece
from archive.locate.gist import bigrams, gist_rate
from archive.locate.ranking.asked import Found
from archive.locate.ranking.reached import ReachedMonth

# Of so many of the newest it is looked whether a text is known of them at all: a guess for all.
SAMPLE: Final = 500
_ALWAYS: Final = Span(ALWAYS.start_us - 1, ALWAYS.end_us)
_TAG: Final = "tag"
_PIECES: Final = 64
# Recordings, and below each its beginning; in order of their rows.
_Rows = NDArray[np.int64]
_NONE: Final = np.empty((2, 0), np.int64)


@dataclass(frozen=True)
class TextIndex:
    """Asks the indexes for who sees these months; made for one question.

    `shares` are what was found before of the newest recordings of these months.
    """

    connection: Connection
    tenant: int
    months: Sequence[ReachedMonth]
    shares: dict[str, float] = field(default_factory=dict)

    def ids(self, text: str) -> Found:
        """Recordings that anybody knows by this id; of every one some are known."""
        try:
            found = recordings_of(self.tenant, IdClue(text), _ALWAYS)
        except QueryRefused:
            return self._found(_NONE, self._all)
        return self._found(self._rows(found), self._all)

    def customers(self, names: Sequence[str], *, certain: bool = False) -> Found:
        """Recordings of an outside party of one of these names, or of one that is taken for it.

        What is certain is found as it is written alone.
        """
        index = NamedCustomers(self.connection, self.tenant)
        if certain:
            rows = np.concatenate([_NONE, *map(index.certain, names)], axis=1)
            rows = rows[:, np.unique(rows[0], return_index=True)[1]]
            return self._found(rows, self._share_of_names() * self._all)
        found = index.likely(names)
        told = self._share_of_names() if found.rows.size else 0.0
        return self._found(found.rows, told * self._all, found.log_rates)

    def gist(self, text: str) -> Found:
        """Recordings about which pieces of the text were written: the more, the better."""
        wanted, own = bigrams(text)[:_PIECES], text_piece.c
        found = [np.empty((0, 2), np.int64)]
        for piece in wanted:
            rows = select(own.recording, own.started_us).where(
                own.tenant == self.tenant, own.piece == piece
            )
            found.append(self._newest(rows.order_by(own.started_us.desc())))
        rows, began_us = np.concatenate(found).T
        distinct, first, shared = np.unique(rows, return_index=True, return_counts=True)
        rates = np.array([gist_rate(count, len(wanted)) for count in range(len(wanted) + 1)])
        told = self._share_of_texts() * self._all
        return self._found(np.stack([distinct, began_us[first]]), told, rates[shared])

    def tags(self, most: int) -> tuple[str, ...]:
        """Those within reach, where there are no more than so many at all."""
        told = self._distinct_tags(most)
        if len(told) > most:
            return ()
        is_all = all(each.reached[1:].all() and each.allowed is None for each in self.months)
        return tuple(each for each in told if is_all or self._is_any_reached(each))

    def _rows(self, found: SelectBase | None) -> _Rows:
        """In order of their rows."""
        assert found is not None
        own = recording.c
        # By their rows: `+ 0` keeps the tenant's index out of it.
        wanted = select(own.row, own.started_us).where(
            own.tenant + 0 == self.tenant, own.row.in_(found)
        )
        newest = self._newest(wanted.order_by(own.started_us.desc())).T
        return newest[:, np.argsort(newest[0])]

    def _newest(self, rows: Select[tuple[int, int]]) -> NDArray[np.int64]:
        told = list(plain_rows(self.connection, rows.limit(MOST_FOUND), {}))
        return np.fromiter(chain.from_iterable(told), np.int64, 2 * len(told)).reshape(-1, 2)

    def _found(self, rows: _Rows, told: float, rates: NDArray[np.float64] | None = None) -> Found:
        own = self._is_reached(rows[0])
        log_rates = np.zeros(rows.shape[1]) if rates is None else rates
        (recordings, start_us), log_rates = self._of_calls(rows[:, own], log_rates[own])
        return Found(
            start_us=start_us,
            recordings=recordings,
            log_rates=log_rates,
            told=max(round(told), len(recordings)),
            is_cut=rows.shape[1] >= MOST_FOUND,
        )

    def _of_calls(
        self, rows: _Rows, rates: NDArray[np.float64]
    ) -> tuple[_Rows, NDArray[np.float64]]:
        """What is known of one recording of a call is known of all, each at its best rate."""
        found = [(*rows, rates)]
        found += [each.of_same_calls(rows[0], rates) for each in self.months]
        recordings, start_us, log_rates = map(np.concatenate, zip(*found, strict=True))
        order = np.lexsort((-log_rates, recordings))
        best = order[np.unique(recordings[order], return_index=True)[1]]
        return np.stack([recordings[best], start_us[best]]), log_rates[best]

    def _distinct_tags(self, most: int) -> list[str]:
        """One after the other, by the index: they are few of very many."""
        own = mark.alias().c
        first = select(func.min(own.folded).label("tag")).where(
            own.tenant == self.tenant, own.kind == _TAG
        )
        found = first.cte(recursive=True)
        following = first.where(own.folded > found.c.tag).scalar_subquery()
        found = found.union_all(select(following).where(found.c.tag.is_not(None)))
        wanted = select(found.c.tag).where(found.c.tag.is_not(None)).limit(most + 1)
        return list(self.connection.scalars(wanted))

    def _is_any_reached(self, tag: str) -> bool:
        own = mark.c
        rows = select(own.recording).where(
            own.tenant == self.tenant, own.kind == _TAG, own.folded == tag
        )
        newest = rows.order_by(own.started_us.desc())
        found = self.connection.scalars(newest.execution_options(yield_per=1_000))
        return any(self._is_reached(np.array(some)).any() for some in found.partitions())

    @property
    def _all(self) -> float:
        return float(sum(int(each.flags.sum()) for each in self.months))

    def _is_reached(self, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
        found = np.zeros(len(rows), np.bool_)
        for each in self.months:
            found |= each.has(rows)
        return found

    @cached_property
    def _sample(self) -> Sequence[int]:
        """The newest recordings within reach."""
        found: dict[int, None] = {}
        for month in self.months:
            for row in month.newest(SAMPLE * 4).tolist():
                found[row] = None
                if len(found) == SAMPLE:
                    return list(found)
        return list(found)

    def _share_of_names(self) -> float:
        return self._share("names", self._named)

    def _share_of_texts(self) -> float:
        return self._share("texts", self._told_of)

    def _share(self, kind: str, having: Callable[[], Iterable[int]]) -> float:
        if kind not in self.shares:
            self.shares[kind] = len(set(having())) / max(len(self._sample), 1)
        return self.shares[kind]

    def _named(self) -> Iterable[int]:
        stays = stays_of_rows(self.connection, self.tenant, self._sample)
        return (stay.recording for stay in stays if stay.name and stay.may_be_outside)

    def _told_of(self) -> Iterable[int]:
        own = text_piece.c
        told = chain.from_iterable(
            self.connection.scalars(
                select(own.recording).where(own.tenant == self.tenant, own.recording.in_(some))
            )
            for some in portions(sorted(self._sample))
        )
        written = np.array(sorted(set(told)), np.int64)
        of_calls, _ = self._of_calls(np.stack([written, written]), np.zeros(len(written)))
        return set(of_calls[0].tolist()).intersection(self._sample)
