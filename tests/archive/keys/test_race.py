"""The race of a hold against its destruction: two processes, one keystore."""

from pathlib import Path

import pytest

from archive.keys.daemon.assembly import KeysConfig
from archive.keys.store.schema import open_database
from tests.archive.keys.daemon_process import daemon_process
from tests.archive.keys.race import Mutant, Tally, guard_of, race
from tests.archive.keys.vault import Vault, add_key, add_shards, approve

FEW = 150


def run(path: Path, rounds: int, mutant: Mutant = Mutant.NONE) -> Tally:
    """So many rounds on a keystore file."""
    vault = Vault(path, recordings=rounds)
    if mutant is Mutant.NO_FOREIGN_KEY:
        vault.drop_foreign_key()
    approve(vault.connection, range(rounds))
    opponent = ("sqlite", str(path), mutant.value)
    return race(guard_of(*opponent), opponent, range(rounds))


@pytest.mark.parametrize("rounds", [FEW, pytest.param(5_000, marks=pytest.mark.slow)])
def test_the_hold_wins_or_says_that_it_was_too_late(tmp_path: Path, rounds: int) -> None:
    """Never both, never neither; and both happen, or nothing was tried."""
    tally = run(tmp_path / "keystore.db", rounds)

    assert tally.faults == []
    assert tally.held + tally.destroyed == rounds
    assert min(tally.held, tally.destroyed) > 0


def test_without_the_foreign_key_the_race_is_lost(tmp_path: Path) -> None:
    """Held, and destroyed: the runner's catalog knows nothing of the hold, and nothing stops it."""
    tally = run(tmp_path / "keystore.db", FEW, Mutant.NO_FOREIGN_KEY)

    assert any("held, and destroyed too" in fault for fault in tally.faults)


def test_with_the_fence_read_before_the_lock_the_race_is_lost(tmp_path: Path) -> None:
    """Something goes while a hold is being placed, that was there when its placing was answered."""
    tally = run(tmp_path / "keystore.db", FEW, Mutant.FENCE_READ_BEFORE)

    assert any("while the fence was up" in fault for fault in tally.faults)


@pytest.mark.slow
def test_the_hold_wins_or_is_too_late_over_the_daemons_sockets(tmp_path: Path) -> None:
    """The whole way, as API and retention runner go it, with every commit on disk."""
    rounds = 500
    with daemon_process(tmp_path) as config:
        fill(config, rounds)
        api = guard_of("socket", str(config.api_socket))
        tally = race(api, ("socket", str(config.retention_socket)), range(rounds))

    assert tally.faults == []
    assert min(tally.held, tally.destroyed) > 0


def fill(config: KeysConfig, recordings: int) -> None:
    """Put planned recordings into the keystore of a daemon that runs."""
    connection = open_database(config.keystore)
    connection.execute("BEGIN IMMEDIATE")
    add_shards(connection, epoch=2)
    for number in range(recordings):
        add_key(connection, number)
    connection.execute("COMMIT")
    approve(connection, range(recordings))
    connection.close()
