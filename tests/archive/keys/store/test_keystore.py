"""Data keys: one way from live over adopted to destroyed."""

import secrets
from dataclasses import replace
from pathlib import Path

import pytest

from archive.errors import KeyRefused
from archive.ids import KeyId, TenantId
from archive.keys.errors import Refusal, WrapDamaged
from archive.keys.store.keystore import DAY_US, KeyState
from archive.lifecycle.tombstone import digest_of
from tests.archive.keys.scene import NOW_US, some_header
from tests.support.keys.keystore import NODE, Bench


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def test_an_adopted_key_comes_back_as_it_went_in(bench: Bench) -> None:
    """Through two layers of wrapping."""
    header, data_key = some_header(NODE), secrets.token_bytes(32)

    assert bench.keystore.adopt(header, data_key) is KeyState.LIVE
    assert bench.keystore.open(header.key) == data_key


def test_the_data_key_lies_nowhere_in_the_clear(bench: Bench, tmp_path: Path) -> None:
    """Neither in the database nor in its write-ahead log."""
    data_key = secrets.token_bytes(32)
    bench.keystore.adopt(some_header(NODE), data_key)

    assert all(data_key not in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())


def test_adopting_again_changes_nothing(bench: Bench) -> None:
    """The keeper repeats itself after a crash; the first key stays."""
    header, data_key = some_header(NODE), secrets.token_bytes(32)
    bench.keystore.adopt(header, data_key)
    bench.keystore.confirm(header.key)

    assert bench.keystore.adopt(header, secrets.token_bytes(32)) is KeyState.ADOPTED
    assert bench.keystore.open(header.key) == data_key
    assert bench.keystore.status().adopted == 1


def test_a_destroyed_key_never_returns(bench: Bench) -> None:
    """A copy of the spool file from a backup must not bring the recording back."""
    header, data_key = some_header(NODE), secrets.token_bytes(32)
    bench.keystore.adopt(header, data_key)
    bench.destroy(header.key)

    for attempt in (
        lambda: bench.keystore.adopt(header, data_key),
        lambda: bench.keystore.open(header.key),
        lambda: bench.keystore.confirm(header.key),
        lambda: bench.keystore.mark_archived(header.key),
    ):
        with pytest.raises(KeyRefused, match=Refusal.KEY_DESTROYED):
            attempt()


@pytest.mark.parametrize("change", [{}, {"part": 7}, {"generation": 1}])
def test_no_part_of_a_destroyed_recording_returns_under_another_key(
    bench: Bench, change: dict[str, int]
) -> None:
    """From a second spool, from quarantine, from a restored file."""
    header = some_header(NODE)
    bench.keystore.adopt(header, secrets.token_bytes(32))
    bench.destroy(header.key)
    again = replace(header, key=KeyId(secrets.token_bytes(16)), **change)

    with pytest.raises(KeyRefused, match=Refusal.KEY_DESTROYED):
        bench.keystore.adopt(again, secrets.token_bytes(32))


def test_the_key_of_a_destroyed_part_returns_with_no_other_recording(bench: Bench) -> None:
    """A header that lies about its recording brings no key back."""
    header, data_key = some_header(NODE), secrets.token_bytes(32)
    bench.keystore.adopt(header, data_key)
    bench.destroy(header.key)

    with pytest.raises(KeyRefused, match=Refusal.KEY_DESTROYED):
        bench.keystore.adopt(replace(some_header(NODE), key=header.key), data_key)


def test_one_key_is_never_two_parts(bench: Bench) -> None:
    """A page that names the key of another part is refused."""
    header = some_header(NODE)
    bench.keystore.adopt(header, secrets.token_bytes(32))

    with pytest.raises(KeyRefused, match=Refusal.PART_HAS_OTHER_KEY):
        bench.keystore.adopt(replace(header, part=1), secrets.token_bytes(32))


def test_keys_of_a_tenant_and_a_day_share_a_shard(bench: Bench) -> None:
    """Tenant by day is what one turn of an epoch has to touch after a destruction."""
    header = some_header(NODE)
    other = TenantId(secrets.token_bytes(16))
    for part, (tenant, created_us) in enumerate(
        [
            (header.tenant, NOW_US),
            (header.tenant, NOW_US + DAY_US - 1),
            (header.tenant, NOW_US + DAY_US),
            (other, NOW_US),
        ]
    ):
        key = KeyId(secrets.token_bytes(16))
        varied = replace(header, part=part, key=key, tenant=tenant, created_us=created_us)
        bench.keystore.adopt(varied, secrets.token_bytes(32))

    assert bench.shards() == 3


def test_only_a_confirmed_key_can_be_archived(bench: Bench) -> None:
    """The catalog's row comes after the object: the keystore holds the keeper to the order."""
    header = some_header(NODE)
    bench.keystore.adopt(header, secrets.token_bytes(32))

    with pytest.raises(KeyRefused, match=Refusal.NOT_CONFIRMED):
        bench.keystore.mark_archived(header.key)
    bench.keystore.confirm(header.key)
    bench.keystore.mark_archived(header.key)
    row = bench.keystore.find(header.key)
    assert row is not None
    assert row.is_archived


def test_an_unknown_key_is_refused_by_name(bench: Bench) -> None:
    """Not found and not allowed are different news."""
    stranger = KeyId(secrets.token_bytes(16))

    for attempt in (bench.keystore.open, bench.keystore.confirm, bench.keystore.mark_archived):
        with pytest.raises(KeyRefused, match=Refusal.KEY_UNKNOWN):
            attempt(stranger)
    assert bench.keystore.find(stranger) is None


@pytest.mark.parametrize("table", ["shard SET wrapped_key", "data_key SET wrapped"])
def test_a_damaged_wrap_is_named_and_opens_nothing(bench: Bench, table: str) -> None:
    """A flipped bit in the keystore is told from a refusal."""
    header = some_header(NODE)
    bench.keystore.adopt(header, secrets.token_bytes(32))
    bench.connection.execute(f"UPDATE {table} = zeroblob(40)")

    with pytest.raises(WrapDamaged):
        bench.keystore.open(header.key)


def test_the_status_counts_and_shows_what_waits(bench: Bench) -> None:
    """The age of the oldest live key is the alarm of a keeper that does not get on."""
    first, second = some_header(NODE), some_header(NODE)
    assert bench.keystore.status().oldest_live_us == 0

    bench.keystore.adopt(first, secrets.token_bytes(32))
    bench.keystore.adopt(second, secrets.token_bytes(32))
    bench.keystore.confirm(second.key)
    status = bench.keystore.status()
    assert (status.live, status.adopted, status.destroyed) == (1, 1, 0)
    assert status.oldest_live_us == NOW_US


def test_a_row_that_is_put_back_beside_its_tombstone_is_not_opened(bench: Bench) -> None:
    """Pages of two days in one file: the key is there, and so is that it was destroyed."""
    header = some_header(NODE)
    bench.keystore.adopt(header, secrets.token_bytes(32))
    bench.connection.execute(
        "INSERT INTO destroyed VALUES (?, ?, 1, zeroblob(16))",
        (bytes(16), digest_of(header.recording)),
    )

    with pytest.raises(KeyRefused, match=Refusal.KEY_DESTROYED):
        bench.keystore.open(header.key)
