"""A machine is off for ten days over New Year: whether what is due goes by the clock it finds.

Every process is a real one; a test moves their clocks, and gives the kernel its word (`clocks.py`).
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import pytest

from tests.scenarios import owner
from tests.scenarios.clocks import Clock
from tests.scenarios.owner import typed
from tests.scenarios.server import Server
from tests.scenarios.waiting import now, until

pytestmark = pytest.mark.scenario

_DAY_MIN: Final = 24 * 60
_DAYS_OFF: Final = 10
# Its keys go in the night after a call is due, once an approval stands.
_NIGHTLY: Final = 'plan_at = "01:30"'


@pytest.fixture
def off(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Path, Clock, str]]:
    """A folder that was left on 29 December, its clock, and the call that is due since."""
    owner.needed()
    with TemporaryDirectory(prefix="rk") as name:
        folder, clock = Path(name), Clock.hung_up(Path(name), monkeypatch)
        clock.put_forward(days=_days_until_the_holidays())
        clock.say(synchronised=True)
        with owner.started(folder, clock="kernel") as stage:
            owner.let_in(stage.server)
            stage.server.command("user", "role", "owner", "auditor")
            owner.recorded(stage)
            owner.take_over_policy(stage.server, limits=_NIGHTLY)
            clock.pass_by(minutes=4 * _DAY_MIN)
            _run_by_a_person(stage.server)
            due = owner.recorded(stage)
        yield folder, clock, due


def _days_until_the_holidays() -> int:
    today = now().date()
    left = date(today.year, 12, 25)
    return (left if left >= today else left.replace(year=today.year + 1)).toordinal() - (
        today.toordinal()
    )


@contextmanager
def _booted(folder: Path, clock: Clock) -> Iterator[Server]:
    """The same installation once more, ten days later; the kernel does not know the time yet."""
    clock.say(synchronised=False)
    clock.boot(days=_DAYS_OFF)
    with owner.started(folder, clock="kernel") as stage:
        assert datetime.fromtimestamp(clock.now_us / 1_000_000, UTC).month == 1
        yield stage.server


def _run_by_a_person(server: Server) -> None:
    """The night has planned it; once that has begun, the approval stands."""
    until(lambda: _plans(server) or None, "the night's plan", within_s=180)
    typed(server, "retention", "apply", "1")
    _ended(server, 1)


def _plans(server: Server) -> dict[int, dict[str, Any]]:
    return {each["number"]: each for each in server.rows("retention", "runs", "--all")}


def _ended(server: Server, number: int) -> dict[str, Any]:
    """The plan of that number, as soon as it is carried out."""

    def find() -> dict[str, Any] | None:
        plan = _plans(server).get(number)
        return plan if plan and plan["ended"] else None

    return until(find, "the end of the run", within_s=180)


def _clock(server: Server, expected: int = 3) -> dict[str, Any]:
    """What the command says of it; 3 while nothing goes by it."""
    told = typed(server, "retention", "clock", "-o", "json", expected=expected)
    return dict(json.loads(told))


def _confirmed_by(server: Server) -> list[str]:
    entries = json.loads(
        typed(server, "audit", "tail", "--action", "clock_confirmed", "-o", "json")
    )
    return [each["actor"] for each in entries]


def test_once_the_kernel_knows_the_time_for_ten_minutes_the_nights_plan_runs_without_a_person(
    off: tuple[Path, Clock, str],
) -> None:
    """Nobody is there on the first working day who would have to say so."""
    folder, clock, due = off
    with _booted(folder, clock) as server:
        told = [_clock(server)]
        clock.say(synchronised=True)
        told.append(_clock(server))
        clock.pass_by(minutes=9)
        told.append(_clock(server))
        before = (owner.archived(server), [*_plans(server)])
        clock.pass_by(minutes=2)
        sure_us = clock.now_us
        run = _ended(server, 2)

        assert [each["doubt"] for each in told] == ["unsynchronised", "pause", "pause"]
        assert [each["kernel"] for each in told] == ["unsynchronised", *["synchronised"] * 2]
        assert before == (1, [1])
        assert datetime.fromisoformat(run["decided_at"]).timestamp() * 1_000_000 >= sure_us
        assert (run["made_by"], run["ended"], run["proposal"]) == ("retention", "done", None)
        assert "destroyed" in typed(server, "calls", "show", due, expected=1)
        assert owner.archived(server) == 0
        assert _clock(server, expected=0)["doubt"] == ""
        assert _confirmed_by(server) == []


def test_while_the_kernel_does_not_know_the_time_nothing_goes_until_a_person_says_so(
    off: tuple[Path, Clock, str],
) -> None:
    """However long it takes, and though a person has had the plan carried out."""
    folder, clock, due = off
    with _booted(folder, clock) as server:
        typed(server, "retention", "plan")
        typed(server, "retention", "apply", "2")
        clock.pass_by(minutes=_DAY_MIN)
        waits = until(
            lambda: _plans(server)[2] if _plans(server)[2]["waits"] else None, "why it waits"
        )
        (overdue,) = server.rows("retention", "overdue")
        doubted = _clock(server)
        kept = typed(server, "calls", "show", due)

        assert (waits["waits"], waits["begun_at"]) == ("clock_unsure", None)
        assert overdue["waits"] == "clock_unsure"
        assert (doubted["doubt"], doubted["kernel"]) == ("unsynchronised", "unsynchronised")
        assert doubted["last_life"] < doubted["doubted_since"] < doubted["now"]
        assert due in kept
        assert owner.archived(server) == 1

        typed(server, "retention", "clock", "confirm", "--yes")
        run = _ended(server, 2)
        assert run["ended"] == "done"
        assert "destroyed" in typed(server, "calls", "show", due, expected=1)
        assert owner.archived(server) == 0
        assert _confirmed_by(server) == ["owner"]
