"""The brake: a share of the archive a day, whatever the plans say together."""

from pathlib import Path

import pytest

from archive.ids import DEFAULT_TENANT, PlanId
from archive.keys.guard.brake import HOUR_US, recordings_left, see_time, spend
from archive.keys.guard.destruction import DestroyedRecording, KeptRecording
from tests import ROOT
from tests.archive.keys.scene import NOW_US
from tests.archive.keys.vault import PLAN, Vault, approve, destroy_at_fence, terms

TENTH = 100_000
_PAGE = ROOT / "docs/guard.md"


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault(tmp_path / "keystore.db", recordings=20)


def kinds(outcomes: object) -> list[str]:
    assert isinstance(outcomes, tuple)
    return [each.why.value if isinstance(each, KeptRecording) else "destroyed" for each in outcomes]


def test_of_twenty_a_tenth_goes_in_a_day(vault: Vault) -> None:
    """The rest of the plan waits; the next day it is a tenth of what is there then."""
    approve(vault.connection, range(10), terms_of=terms(share_ppm=TENTH))

    first = destroy_at_fence(vault.connection, range(5))
    assert kinds(first) == ["destroyed", "destroyed", "brake", "brake", "brake"]
    later = destroy_at_fence(vault.connection, range(5), now_us=NOW_US + 23 * HOUR_US)
    assert kinds(later) == ["destroyed", "destroyed", "brake", "brake", "brake"]
    next_day = destroy_at_fence(vault.connection, range(5), now_us=NOW_US + 24 * HOUR_US)
    assert kinds(next_day) == ["destroyed"] * 4 + ["brake"]


def test_plans_share_the_day(vault: Vault) -> None:
    """A captured runner does not get a second share by a second plan."""
    other = PlanId(b"other plan".ljust(16))
    approve(vault.connection, [0, 1], terms_of=terms(share_ppm=TENTH))
    approve(vault.connection, [2], plan=other, terms_of=terms(share_ppm=TENTH))
    destroy_at_fence(vault.connection, [0, 1])

    assert kinds(destroy_at_fence(vault.connection, [2], plan=other)) == ["brake"]


def test_a_clock_put_back_gives_no_second_share(vault: Vault) -> None:
    """The hours are counted by the latest time ever seen."""
    approve(vault.connection, range(10), terms_of=terms(due_us=0, share_ppm=TENTH))
    destroy_at_fence(vault.connection, [0, 1])

    week_us = 7 * 24 * HOUR_US
    back = destroy_at_fence(vault.connection, [2], now_us=NOW_US - week_us)
    assert kinds(back) == ["brake"]
    assert kinds(destroy_at_fence(vault.connection, [2])) == ["brake"]


def test_after_a_clock_that_was_far_ahead_the_page_has_the_way_out(vault: Vault) -> None:
    """Without it nothing more is destroyed for seventy years; what was spent stays spent."""
    far_us, days_us = NOW_US + 70 * 365 * 24 * HOUR_US, 24 * HOUR_US
    approve(vault.connection, range(10), terms_of=terms(due_us=0, share_ppm=TENTH))
    destroy_at_fence(vault.connection, [0, 1], now_us=far_us)
    stuck = destroy_at_fence(vault.connection, [2], now_us=NOW_US + 2 * days_us)
    vault.connection.create_function("unixepoch", 0, lambda: NOW_US // 1_000_000)
    vault.connection.executescript(_PAGE.read_text().split("```sql\n")[1].split("```")[0])

    assert kinds(stuck) == ["brake"]
    assert kinds(destroy_at_fence(vault.connection, [2])) == ["brake"]
    tomorrow = destroy_at_fence(vault.connection, [2], now_us=NOW_US + days_us)
    assert kinds(tomorrow) == ["destroyed"]


def test_what_is_destroyed_again_or_kept_spends_nothing(vault: Vault) -> None:
    """A runner that repeats itself after a kill gets on."""
    approve(vault.connection, [0, 1], terms_of=terms(share_ppm=TENTH))
    for _ in range(3):
        destroy_at_fence(vault.connection, [0, 15])

    assert isinstance(destroy_at_fence(vault.connection, [1])[0], DestroyedRecording)


@pytest.mark.parametrize(
    ("there", "share_ppm", "left"),
    [(0, TENTH, 0), (1, 1, 1), (3, 0, 0), (20, TENTH, 2), (21, TENTH, 3)],
)
def test_the_share_is_rounded_up(tmp_path: Path, there: int, share_ppm: int, left: int) -> None:
    """Else a small archive would never be rid of anything."""
    vault = Vault(tmp_path / "keystore.db", recordings=there)

    assert recordings_left(vault.connection, DEFAULT_TENANT, share_ppm, NOW_US) == left


def test_what_is_older_than_a_day_is_forgotten(vault: Vault) -> None:
    """One row an hour, and no more than a day of them."""
    for hour in range(60):
        spend(vault.connection, DEFAULT_TENANT, 1, NOW_US + hour * HOUR_US)

    assert vault.count("spent") == 25


def test_the_latest_time_is_never_an_earlier_one(vault: Vault) -> None:
    """A clock that is put back is seen to be behind."""
    assert [see_time(vault.connection, each) for each in (5, 3, 9)] == [5, 5, 9]


def test_one_plan_is_enough_for_the_whole_share(vault: Vault) -> None:
    """A share of everything is no brake: an installation may choose that."""
    approve(vault.connection, range(20), plan=PLAN)

    assert kinds(destroy_at_fence(vault.connection, range(20))) == ["destroyed"] * 20
