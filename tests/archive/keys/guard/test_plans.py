"""Plans in the keystore: opened, filled, approved, ended."""

from pathlib import Path

import pytest

from archive.errors import KeyRefused
from archive.ids import PlanId
from archive.keys.errors import Refusal
from archive.keys.guard import plans
from archive.keys.guard.brake import see_time
from archive.keys.guard.destruction import DestroyedRecording, KeptRecording, Why
from archive.keys.guard.plans import (
    PlanState,
    end_plan,
    find_plan,
    open_plan,
    plan_recordings,
    seal_plan,
)
from tests.archive.keys.scene import NOW_US
from tests.archive.keys.vault import PLAN, Vault, approve, destroy_at_fence, recording, terms

DAY_US = 86_400_000_000


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault(tmp_path / "keystore.db", recordings=4)


def test_a_plan_that_is_not_approved_destroys_nothing(vault: Vault) -> None:
    """Killed between the list and the approval: a plan that is nothing yet."""
    open_plan(vault.connection, PLAN, terms())
    plan_recordings(vault.connection, PLAN, [(recording(0), 1)])

    assert destroy_at_fence(vault.connection, [0]) == (
        KeptRecording(recording(0), Why.NOT_PLANNED),
    )


def test_every_step_may_be_repeated(vault: Vault) -> None:
    """Who got no answer asks again."""
    for _ in range(2):
        open_plan(vault.connection, PLAN, terms())
    for _ in range(2):
        plan_recordings(vault.connection, PLAN, [(recording(0), 1)])
    for _ in range(2):
        seal_plan(vault.connection, PLAN, terms().digest, NOW_US)

    row = find_plan(vault.connection, PLAN)
    assert row is not None
    assert (row.state, row.due_us) == (PlanState.APPROVED, NOW_US)
    assert vault.count("planned") == 1


def test_nothing_is_added_to_what_was_approved(vault: Vault) -> None:
    """Two persons approved this list and no other."""
    approve(vault.connection, [0])

    with pytest.raises(KeyRefused, match=Refusal.PLAN_CLOSED):
        plan_recordings(vault.connection, PLAN, [(recording(1), 1)])
    with pytest.raises(KeyRefused, match=Refusal.PLAN_DIFFERS):
        open_plan(vault.connection, PLAN, terms(share_ppm=7))
    assert destroy_at_fence(vault.connection, [1]) == (
        KeptRecording(recording(1), Why.NOT_PLANNED),
    )


def test_of_a_plan_that_is_ended_nothing_more_goes(
    vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its list goes in steps, its row stays, so that its id is never used again."""
    monkeypatch.setattr(plans, "STEP", 2)
    approve(vault.connection, [0, 1, 2])

    assert [end_plan(vault.connection, PLAN) for _ in range(3)] == [False, True, True]
    assert vault.count("planned") == 0
    assert destroy_at_fence(vault.connection, [0]) == (
        KeptRecording(recording(0), Why.NOT_PLANNED),
    )
    with pytest.raises(KeyRefused, match=Refusal.PLAN_CLOSED):
        seal_plan(vault.connection, PLAN, terms().digest, NOW_US)


def test_a_plan_that_nobody_opened_is_refused_by_name(vault: Vault) -> None:
    """A slip in an id must not look like a plan that is done."""
    stranger = PlanId(bytes(16))
    for attempt in (
        lambda: plan_recordings(vault.connection, stranger, []),
        lambda: seal_plan(vault.connection, stranger, None, NOW_US),
        lambda: end_plan(vault.connection, stranger),
    ):
        with pytest.raises(KeyRefused, match=Refusal.PLAN_UNKNOWN):
            attempt()
    assert find_plan(vault.connection, stranger) is None


def test_a_clock_put_back_shortens_no_waiting(vault: Vault) -> None:
    """Put back by ten days, a plan approved with three days to wait, and put right again."""
    see_time(vault.connection, NOW_US)
    behind_us = NOW_US - 10 * DAY_US
    open_plan(vault.connection, PLAN, terms(due_us=behind_us + 3 * DAY_US))
    plan_recordings(vault.connection, PLAN, [(recording(0), 1)])
    seal_plan(vault.connection, PLAN, terms().digest, behind_us)

    early = destroy_at_fence(vault.connection, [0], now_us=NOW_US + 3 * DAY_US - 1)
    assert early == (KeptRecording(recording(0), Why.COOLING_OFF),)
    due_us = NOW_US + 3 * DAY_US
    assert destroy_at_fence(vault.connection, [0], now_us=due_us) == (
        DestroyedRecording(recording(0), due_us),
    )


def test_the_first_plan_of_a_tenant_makes_its_fence(vault: Vault) -> None:
    """PostgreSQL cannot lock a row that is not there: the first hold of all would lose its race."""
    open_plan(vault.connection, PLAN, terms())

    assert vault.count("fence") == 1
