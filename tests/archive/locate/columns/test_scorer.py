"""Scores: those that one gets who adds them up row by row, and the same best."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from archive.locate.columns import scorer
from archive.locate.columns.best import RANKED, ScoredMonth, rank
from archive.locate.columns.month_file import MonthFile
from archive.locate.columns.source import month_begin_us
from archive.locate.columns.weights import OUTSIDE, SCORED, Boosts, Steps, Weights, bounded, within
from tests.archive.locate.columns.examples import (
    MONTH_MS,
    MONTHS,
    OCTOBER,
    Row,
    built,
    changes,
    drawn,
    luck,
)

WIDTHS = {"number": 0, "agent": 0, "line": 0, "duration": 256, "flags": 256}


def table(by: np.random.Generator, entries: int) -> NDArray[np.float32]:
    """Rates, one in twelve of them excluding."""
    rates = bounded(by.normal(0, 4, entries).round(1), -9)
    rates[by.random(entries) < 1 / 12] = OUTSIDE
    return rates


def asked(by: np.random.Generator, file: MonthFile, boosts: Boosts) -> ScoredMonth:
    """Random tables for a file: any of the clues, reach, time and boosts."""
    entries = file.rows.dictionaries
    widths = WIDTHS | {name: len(entries[f"{name}s"]) for name in ("number", "agent", "line")}
    groups = table(by, len(entries["groups"]))
    begin = month_begin_us(file.header.month)
    edges = begin + np.unique(by.integers(-MONTH_MS, 2 * MONTH_MS, 9)) * 1_000
    weights = Weights(
        groups=within(groups, by.random(len(groups)) < 0.8),
        steps=Steps(edges, table(by, len(edges) + 1)),
        tables={name: table(by, widths[name]) for name in SCORED if by.random() < 0.7},
        boosts=boosts,
        allowed=by.random(100) < 0.9 if by.random() < 0.5 else None,
    )
    return ScoredMonth(file.header.month, file.rows, weights)


def by_hand(month: ScoredMonth) -> list[tuple[np.float32, int, int, int]]:
    """Row by row: score, beginning, recording, conversation."""
    weights, found = month.weights, []
    columns = {name: values.tolist() for name, values in month.rows.columns.items()}
    boosts = dict(zip(weights.boosts.recordings.tolist(), weights.boosts.rates, strict=True))
    for at, start in enumerate(columns["start"]):
        began_us = month_begin_us(month.month) + start * 1_000
        step = sum(1 for edge in weights.steps.edges_us.tolist() if edge <= began_us)
        score = weights.groups[columns["group"][at]] + weights.steps.rates[step]
        for name in SCORED:
            if name in weights.tables:
                score += weights.tables[name][columns[name][at]]
        recording = columns["recording"][at]
        score += boosts.get(recording, np.float32(0))
        if weights.allowed is not None and not weights.allowed[recording]:
            continue
        if score > OUTSIDE:
            found.append((score, began_us, recording, columns["conversation"][at]))
    return found


def best_by_hand(months: list[ScoredMonth], limit: int) -> list[tuple[np.float32, int, int, int]]:
    """The best row of each conversation, the best first."""
    rows = [row for month in months for row in by_hand(month)]
    rows.sort(key=lambda row: (-row[0], -row[1], -row[2]))
    firsts = {row[3]: row for row in reversed(rows)}
    return sorted(firsts.values(), key=lambda row: (-row[0], -row[1], -row[2]))[:limit]


@pytest.mark.parametrize("seed", range(30))
def test_the_best_are_those_of_adding_up_by_hand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    """Any clues, any reach, blocks that rows do not fill, a tail, erased rows."""
    monkeypatch.setattr(scorer, "BLOCK_ROWS", 16)
    draw, by = luck(seed), np.random.default_rng(seed)
    rows = [row for number in range(1, 90) for row in drawn(draw, number)]
    store = built(tmp_path / "columns", rows)
    gone = draw.sample(range(1, 90), 20)
    store.apply(changes(1, [*gone, 95], drawn(draw, 95)))
    boosted = {row.recording: row for row in rows if row.recording in {3, 30, *gone[:2]}}
    boosts = Boosts(
        np.array([row.start_us for row in boosted.values()]),
        np.array(list(boosted)),
        bounded(by.normal(6, 1, len(boosted)), -9),
    )
    months = [asked(by, file, boosts) for file in store.files]
    limit = draw.choice((1, 5, 100))

    assert rank(months, limit).tolist() == np.array(best_by_hand(months, limit), RANKED).tolist()


def test_of_what_fits_alike_the_later_is_first(tmp_path: Path) -> None:
    """Then the recording of the higher number: twice asked is once answered."""
    begin = month_begin_us(OCTOBER)
    rows = [Row(n, begin + n // 2 * 1_000, conversation=n) for n in range(1, 8)]
    (file,) = built(tmp_path / "columns", rows).files
    weights = Weights(groups=within(np.zeros(2, np.float32), np.ones(2, bool)))

    best = rank([ScoredMonth(OCTOBER, file.rows, weights)], 3)
    assert best["recording"].tolist() == [7, 6, 5]


@pytest.mark.parametrize(
    ("of_one", "rate", "best"),
    [
        pytest.param(30, 5.0, [30, 31, 32], id="most of them of one conversation"),
        pytest.param(0, 5.0, [1, 2, 3], id="none of them likely"),
    ],
)
def test_of_many_rows_at_once_the_best_conversations_are_kept(
    tmp_path: Path, of_one: int, rate: float, best: list[int]
) -> None:
    """More rows than conversations are wanted: the others are not even sorted."""
    begin = month_begin_us(OCTOBER)
    rows = [Row(n, begin + n * 1_000, conversation=0 if n <= of_one else n) for n in range(1, 41)]
    (file,) = built(tmp_path / "columns", rows).files
    boosts = Boosts(
        np.array([row.start_us for row in rows]),
        np.array([row.recording for row in rows]),
        np.array([rate if row.recording <= of_one else -row.recording for row in rows], np.float32),
    )
    weights = Weights(within(np.zeros(2, np.float32), np.ones(2, bool)), boosts=boosts)

    found = rank([ScoredMonth(OCTOBER, file.rows, weights)], 3)
    assert found["recording"].tolist() == best


def test_time_alone_excludes_whole_months(tmp_path: Path) -> None:
    """Rows lie in order of time: what is outside a window is not even read."""
    rows = [Row(n, month_begin_us(month), conversation=n) for n, month in enumerate(MONTHS, 1)]
    store = built(tmp_path / "columns", rows)
    window = Steps(np.array([month_begin_us(OCTOBER)]), np.array([OUTSIDE, 0], np.float32))
    months = [
        ScoredMonth(
            file.header.month,
            file.rows,
            Weights(groups=within(np.zeros(2, np.float32), np.ones(2, bool)), steps=window),
        )
        for file in store.files
    ]

    assert rank(months, 9)["recording"].tolist() == [3]
    assert list(scorer.scores(months[1].rows.columns, MONTHS[1], months[1].weights)) == []
