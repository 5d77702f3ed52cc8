"""How many there are and were, without counting rows."""

from pathlib import Path

from archive.ids import DEFAULT_TENANT
from archive.keys.store.census import KeyCounts, count_adopted, count_destroyed, counted
from archive.keys.store.statements import RECORDINGS_THERE
from tests.archive.keys.vault import OTHER_TENANT, Vault


def recordings(vault: Vault) -> int:
    values = {"tenant": DEFAULT_TENANT.raw}
    return int(vault.connection.execute(RECORDINGS_THERE, values).fetchone()[0])


def test_keys_are_counted_as_they_come_and_go(tmp_path: Path) -> None:
    """Of all tenants together; recordings of each, for its brake."""
    vault = Vault(tmp_path / "keystore.db")
    assert counted(vault.connection) == KeyCounts(0, 0)
    count_adopted(vault.connection, DEFAULT_TENANT, recordings=1)
    count_adopted(vault.connection, DEFAULT_TENANT, recordings=0)
    count_adopted(vault.connection, OTHER_TENANT, recordings=1)

    assert (counted(vault.connection), recordings(vault)) == (KeyCounts(3, 0), 1)
    count_destroyed(vault.connection, DEFAULT_TENANT, recordings=1, keys=2)
    assert (counted(vault.connection), recordings(vault)) == (KeyCounts(1, 2), 0)
