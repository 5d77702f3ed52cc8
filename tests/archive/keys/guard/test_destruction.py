"""Destroying under the guard: what goes, what stays, and what each is told."""

from pathlib import Path

import pytest

from archive.ids import DEFAULT_TENANT, PlanId
from archive.keys.guard.destruction import (
    DestroyedRecording,
    DestructionOrder,
    KeptRecording,
    Why,
    destroy,
)
from archive.keys.store.legal_holds import activate_hold, hold_keys, place_hold
from archive.lifecycle.tombstone import digest_of
from tests.archive.keys.scene import NOW_US
from tests.archive.keys.vault import (
    HOLD,
    OTHER_TENANT,
    PLAN,
    Vault,
    add_key,
    approve,
    destroy_at_fence,
    key,
    recording,
    terms,
)


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault(tmp_path / "keystore.db", recordings=6)


def test_destroying_deletes_the_row_and_writes_down_that_it_was(vault: Vault) -> None:
    """Which key, which recording (its digest alone), when, for which plan."""
    approve(vault.connection, [0])

    assert destroy_at_fence(vault.connection, [0]) == (DestroyedRecording(recording(0), NOW_US),)
    assert vault.count("data_key") == 5
    assert vault.connection.execute("SELECT * FROM destroyed").fetchall() == [
        (key(0).raw, digest_of(recording(0)), NOW_US, PLAN.raw)
    ]


def test_destroying_again_answers_when_it_was(vault: Vault) -> None:
    """A runner that was killed before it read the answer; also after its plan has ended."""
    approve(vault.connection, [0])
    destroy_at_fence(vault.connection, [0])

    again = destroy_at_fence(vault.connection, [0], now_us=NOW_US + 5)
    assert again == (DestroyedRecording(recording(0), NOW_US),)
    stale = destroy(vault.connection, DestructionOrder(PLAN, 17, [recording(0)]), NOW_US + 5)
    assert stale == again
    nowhere = DestructionOrder(PlanId(bytes(16)), 0, [recording(0), recording(1)])
    assert destroy(vault.connection, nowhere, NOW_US) == (
        DestroyedRecording(recording(0), NOW_US),
        KeptRecording(recording(1), Why.NOT_PLANNED),
    )


def test_a_recording_goes_with_all_its_keys_or_none(vault: Vault) -> None:
    """Of a batch a held one falls out alone."""
    for number in (1, 2):
        add_key(vault.connection, number, part=1)
    approve(vault.connection, [1, 2], keys=2)
    place_hold(vault.connection, HOLD, DEFAULT_TENANT)
    hold_keys(vault.connection, HOLD, [key(1, 1)])
    activate_hold(vault.connection, HOLD)

    assert destroy_at_fence(vault.connection, [1, 2]) == (
        KeptRecording(recording(1), Why.HELD),
        DestroyedRecording(recording(2), NOW_US),
    )
    rows = vault.connection.execute("SELECT key_id FROM data_key WHERE part = 1").fetchall()
    assert rows == [(key(1, 1).raw,)]
    assert vault.count("destroyed") == 2


def test_while_a_hold_is_being_placed_nothing_goes(vault: Vault) -> None:
    """Whatever it will turn out to hold."""
    approve(vault.connection, [0])
    place_hold(vault.connection, HOLD, DEFAULT_TENANT)

    assert destroy_at_fence(vault.connection, [0]) == (KeptRecording(recording(0), Why.PLACING),)


@pytest.mark.parametrize("generation", [0, 2])
def test_what_was_judged_before_the_last_hold_is_judged_again(
    vault: Vault, generation: int
) -> None:
    """The plan stays good; a number from the future is a restored keystore's, and no better."""
    approve(vault.connection, [0])
    place_hold(vault.connection, HOLD, DEFAULT_TENANT)
    activate_hold(vault.connection, HOLD)
    order = DestructionOrder(PLAN, generation, [recording(0)])

    assert destroy(vault.connection, order, NOW_US) == (KeptRecording(recording(0), Why.RECHECK),)
    assert destroy_at_fence(vault.connection, [0]) == (DestroyedRecording(recording(0), NOW_US),)


def test_nothing_goes_before_it_is_due(vault: Vault) -> None:
    """By the key daemon's own clock."""
    approve(vault.connection, [0], terms_of=terms(due_us=NOW_US + 1))

    assert destroy_at_fence(vault.connection, [0]) == (
        KeptRecording(recording(0), Why.COOLING_OFF),
    )
    assert isinstance(
        destroy_at_fence(vault.connection, [0], now_us=NOW_US + 1)[0], DestroyedRecording
    )


def test_a_captured_runner_destroys_nothing_that_is_not_in_a_plan(vault: Vault) -> None:
    """Nor a recording that is not the one that was approved: it has another part since."""
    add_key(vault.connection, 1, part=1)
    approve(vault.connection, [1])

    assert destroy_at_fence(vault.connection, [0, 1]) == (
        KeptRecording(recording(0), Why.NOT_PLANNED),
        KeptRecording(recording(1), Why.NOT_PLANNED),
    )


def test_what_is_not_archived_was_not_matched_and_stays(vault: Vault) -> None:
    """Holds are matched between the catalog's commit and `mark_archived`."""
    add_key(vault.connection, 50, archived_us=None)
    approve(vault.connection, [50])

    assert destroy_at_fence(vault.connection, [50]) == (
        KeptRecording(recording(50), Why.NOT_ARCHIVED),
    )


def test_what_is_not_there_or_another_tenants_is_unknown(vault: Vault) -> None:
    """A plan of one tenant reaches nothing of another."""
    add_key(vault.connection, 60, tenant=OTHER_TENANT)
    approve(vault.connection, [60, 61])

    assert destroy_at_fence(vault.connection, [60, 61]) == (
        KeptRecording(recording(60), Why.UNKNOWN),
        KeptRecording(recording(61), Why.UNKNOWN),
    )


def test_the_census_follows(vault: Vault) -> None:
    """The brake's share is of what is there."""
    add_key(vault.connection, 1, part=1)
    approve(vault.connection, [1], keys=2)
    destroy_at_fence(vault.connection, [1])

    assert vault.connection.execute(
        "SELECT recordings, keys, destroyed_recordings, destroyed_keys FROM census"
    ).fetchall() == [(5, 5, 1, 2)]
