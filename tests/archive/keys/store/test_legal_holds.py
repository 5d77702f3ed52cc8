"""Holds in the keystore: the fence, what they keep, and how they end."""

import sqlite3
from pathlib import Path

import pytest

from archive.errors import KeyRefused
from archive.ids import DEFAULT_TENANT
from archive.keys.errors import Refusal
from archive.keys.guard.destruction import DestroyedRecording, KeptRecording, Why
from archive.keys.store import legal_holds
from archive.keys.store.legal_holds import (
    Fence,
    HeldKeys,
    activate_hold,
    cancel_hold,
    hold_keys,
    open_placings,
    place_hold,
    read_fence,
    release_hold,
)
from tests.archive.keys.scene import NOW_US
from tests.archive.keys.vault import (
    HOLD,
    OTHER_TENANT,
    Vault,
    add_key,
    approve,
    destroy_at_fence,
    hold_id,
    key,
    recording,
)


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault(tmp_path / "keystore.db", recordings=5)


def test_the_fence_is_up_from_the_answer_to_the_activation(vault: Vault) -> None:
    """In between the keys of a large hold come in, and none of them may go."""
    database = vault.connection
    assert read_fence(database, DEFAULT_TENANT) == Fence(0, 0)

    assert place_hold(database, HOLD, DEFAULT_TENANT) == 1
    assert read_fence(database, DEFAULT_TENANT) == Fence(1, 1)
    activate_hold(database, HOLD)
    assert read_fence(database, DEFAULT_TENANT) == Fence(1, 0)


def test_placing_again_answers_as_the_first_time(vault: Vault) -> None:
    """Who was killed asks again: one hold, one place in the fence, also when others came since."""
    database = vault.connection
    place_hold(database, HOLD, DEFAULT_TENANT)
    place_hold(database, hold_id(2), DEFAULT_TENANT)

    assert place_hold(database, HOLD, DEFAULT_TENANT) == 1
    assert read_fence(database, DEFAULT_TENANT) == Fence(2, 2)
    activate_hold(database, HOLD)
    activate_hold(database, HOLD)
    assert read_fence(database, DEFAULT_TENANT) == Fence(2, 1)
    assert open_placings(database) == 1


def test_the_fence_of_one_tenant_stops_no_other(vault: Vault) -> None:
    """A matter of one customer is not seen in the deletions of another."""
    place_hold(vault.connection, HOLD, OTHER_TENANT)
    approve(vault.connection, [0])

    assert destroy_at_fence(vault.connection, [0]) == (DestroyedRecording(recording(0), NOW_US),)


def test_what_is_there_is_held_and_what_was_destroyed_is_named(vault: Vault) -> None:
    """41 of 43: the answer says of each key that is not held why."""
    database = vault.connection
    approve(database, [1])
    destroy_at_fence(database, [1])
    place_hold(database, HOLD, DEFAULT_TENANT)
    asked = [key(0), key(1), key(2), key(99)]
    answer = HeldKeys(held=2, destroyed=(key(1),), unknown=(key(99),))

    assert hold_keys(database, HOLD, asked) == answer
    assert hold_keys(database, HOLD, asked) == answer
    assert vault.count("hold_key") == 2


def test_keys_of_another_tenant_are_unknown(vault: Vault) -> None:
    """A hold does not even learn that they are there."""
    add_key(vault.connection, 70, tenant=OTHER_TENANT)
    place_hold(vault.connection, HOLD, DEFAULT_TENANT)

    assert hold_keys(vault.connection, HOLD, [key(70)]) == HeldKeys(unknown=(key(70),))


def test_an_active_hold_may_grow(vault: Vault) -> None:
    """By a call that is recorded later, and by a correction that makes an older one match."""
    place_hold(vault.connection, HOLD, DEFAULT_TENANT)
    activate_hold(vault.connection, HOLD)

    assert hold_keys(vault.connection, HOLD, [key(3)]).held == 1
    approve(vault.connection, [3])
    assert destroy_at_fence(vault.connection, [3]) == (KeptRecording(recording(3), Why.HELD),)


@pytest.mark.parametrize("end", [cancel_hold, release_hold])
def test_what_no_hold_keeps_any_more_may_go(
    vault: Vault, end: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its keys go step by step, so that a million of them hold nobody up."""
    monkeypatch.setattr(legal_holds, "STEP", 2)
    database = vault.connection
    place_hold(database, HOLD, DEFAULT_TENANT)
    hold_keys(database, HOLD, [key(number) for number in range(5)])
    if end is release_hold:
        activate_hold(database, HOLD)

    assert [end(database, HOLD) for _ in range(4)] == [False, False, True, True]  # type: ignore[operator]
    assert (vault.count("hold"), vault.count("hold_key")) == (0, 0)
    assert read_fence(database, DEFAULT_TENANT) == Fence(1, 0)
    approve(database, [4])
    assert destroy_at_fence(database, [4]) == (DestroyedRecording(recording(4), NOW_US),)


def test_what_two_holds_keep_is_kept_by_the_one_that_is_left(vault: Vault) -> None:
    """Releasing one matter releases nothing of another."""
    database = vault.connection
    for each in (HOLD, hold_id(2)):
        place_hold(database, each, DEFAULT_TENANT)
        hold_keys(database, each, [key(0)])
        activate_hold(database, each)
    release_hold(database, HOLD)
    approve(database, [0])

    assert destroy_at_fence(database, [0]) == (KeptRecording(recording(0), Why.HELD),)


def test_a_hold_that_is_ending_keeps_what_it_has_and_takes_nothing(
    vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed half-way, its end is finished by asking again, and by nothing else."""
    monkeypatch.setattr(legal_holds, "STEP", 2)
    database = vault.connection
    place_hold(database, HOLD, DEFAULT_TENANT)
    hold_keys(database, HOLD, [key(number) for number in range(3)])
    cancel_hold(database, HOLD)

    for attempt in (
        lambda: hold_keys(database, HOLD, [key(4)]),
        lambda: activate_hold(database, HOLD),
        lambda: place_hold(database, HOLD, DEFAULT_TENANT),
    ):
        with pytest.raises(KeyRefused, match=Refusal.HOLD_ENDING):
            attempt()
    assert vault.count("hold_key") == 1


def test_a_hold_is_ended_as_what_it_is(vault: Vault) -> None:
    """Cancelling lowers the fence, releasing does not: mixed up, one of them would be wrong."""
    database = vault.connection
    place_hold(database, HOLD, DEFAULT_TENANT)
    with pytest.raises(KeyRefused, match=Refusal.HOLD_PLACING):
        release_hold(database, HOLD)
    activate_hold(database, HOLD)

    with pytest.raises(KeyRefused, match=Refusal.HOLD_ACTIVE):
        cancel_hold(database, HOLD)
    assert read_fence(database, DEFAULT_TENANT) == Fence(1, 0)


def test_a_hold_that_nobody_placed_is_refused_by_name(vault: Vault) -> None:
    """Nor is one of another tenant taken over."""
    place_hold(vault.connection, hold_id(2), OTHER_TENANT)
    for attempt in (
        lambda: hold_keys(vault.connection, HOLD, [key(0)]),
        lambda: activate_hold(vault.connection, HOLD),
        lambda: place_hold(vault.connection, hold_id(2), DEFAULT_TENANT),
    ):
        with pytest.raises(KeyRefused, match=Refusal.HOLD_UNKNOWN):
            attempt()


def test_the_row_of_a_held_key_cannot_be_deleted_by_anybody(vault: Vault) -> None:
    """The guard is the database's, not our own question before."""
    place_hold(vault.connection, HOLD, DEFAULT_TENANT)
    hold_keys(vault.connection, HOLD, [key(0)])

    with pytest.raises(sqlite3.IntegrityError):
        vault.connection.execute("DELETE FROM data_key")
    assert vault.count("data_key") == 5
