"""Tests of what the bench of unseen calls finds."""

from pathlib import Path

from bench.filled_catalog import fill
from bench.unseen import NOT_THERE, NOT_YOURS, Asked, Compared, UnseenFigures, ids, routes


def figures(yours_ms: list[float], nobodys_ms: list[float]) -> UnseenFigures:
    """Of two kinds of ids."""
    yours = Asked(name=NOT_YOURS, times_ms=yours_ms)
    nobodys = Asked(name=NOT_THERE, times_ms=nobodys_ms)
    compared = [Compared(route="/calls/{conversation}", yours=yours, nobodys=nobodys)]
    return UnseenFigures(command=["bench"], machine={}, compared=compared)


def test_two_kinds_that_lie_within_their_spread_cannot_be_told_apart() -> None:
    """Nobody learns from a clock what no word says."""
    found = figures([5.0, 6.0, 7.0, 8.0], [5.5, 6.5, 7.5, 8.5])

    assert found.missed == []
    assert "/calls/{conversation}" in found.told()


def test_two_kinds_that_lie_apart_are_a_finding() -> None:
    """In words, with both figures."""
    (missed,) = figures([5.0, 5.1, 5.2, 5.3], [8.0, 8.1, 8.2, 8.3]).missed

    assert missed.startswith("/calls/{conversation}: apart by 3.00 ms")


def test_ids_that_nobody_has_lie_where_others_do(tmp_path: Path) -> None:
    """The same milliseconds lead, and no call has one of them."""
    fill(tmp_path / "catalog.db", 40, seed=1, step=lambda _done, _total: None)
    there, missing = ids(tmp_path / "catalog.db", 10)

    assert not set(there) & set(missing)
    assert [each[:12] for each in there] == [each[:12] for each in missing]


def test_every_route_that_shows_something_of_one_call_is_asked() -> None:
    """As the application has them: a new one is measured, too."""
    assert "/api/v1/recordings/{recording}/retention" in routes()
    assert all("certificates" not in each for each in routes())
