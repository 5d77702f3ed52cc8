"""What is destroyed again, and what of it is only claimed."""

from pathlib import Path

from archive.ids import DEFAULT_TENANT
from archive.keys.gate.destroyed_again import DestroyedAgain, Gone, is_destroyed
from archive.keys.store.census import counted
from archive.keys.store.legal_holds import activate_hold, hold_keys, place_hold
from archive.keys.store.schema import open_database
from archive.lifecycle.tombstone import digest_of
from tests.archive.keys.vault import HOLD, add_key, add_shards, key, recording


def again_over(folder: Path) -> DestroyedAgain:
    """Two recordings, of two keys and of one; a hold has the second."""
    connection = open_database(folder / "keystore.db")
    add_shards(connection)
    for number, part in ((1, 0), (1, 1), (2, 0)):
        add_key(connection, number, part)
    place_hold(connection, HOLD, DEFAULT_TENANT)
    hold_keys(connection, HOLD, [key(2)])
    activate_hold(connection, HOLD)
    return DestroyedAgain(connection)


def keys_of(again: DestroyedAgain) -> int:
    (count,) = again.connection.execute("SELECT count(*) FROM data_key").fetchone()
    return int(count)


def test_what_is_proved_goes_with_all_its_keys_whatever_a_hold_of_then_says(tmp_path: Path) -> None:
    """It was gone: the hold had been released; its count of keys is kept right."""
    again = again_over(tmp_path)
    digests = [digest_of(recording(number)) for number in (1, 2, 9)]
    again.destroy(Gone(digest, 5, b"r" * 16) for digest in digests)

    assert keys_of(again) == 0
    assert all(is_destroyed(again.connection, each) for each in digests)
    assert again.connection.execute("SELECT keys FROM hold").fetchall() == [(0,)]
    assert counted(again.connection).destroyed == 3
    rows = again.connection.execute("SELECT DISTINCT at_us, run FROM destroyed").fetchall()
    assert rows == [(5, b"r" * 16)]


def test_what_is_confirmed_goes_but_for_what_a_hold_has(tmp_path: Path) -> None:
    """What is in doubt is kept."""
    again = again_over(tmp_path)
    again.claim(digest_of(recording(number)) for number in (1, 2, 1))

    assert again.claimed.members == 2
    assert again.destroy_claims(7) == 1
    assert keys_of(again) == 1
    again.settle_claims()
    assert list(again.claims) == [digest_of(recording(2))]
    again.forget_claims()
    assert not again.claimed.members
