"""The fence of a keystore that was put back."""

from pathlib import Path

from archive.ids import DEFAULT_TENANT
from archive.keys.gate.restored_holds import raise_fences, stand_in
from archive.keys.guard.destruction import DestroyedRecording, KeptRecording, Why
from archive.keys.store.legal_holds import cancel_hold, read_fence
from tests.archive.keys.scene import NOW_US
from tests.archive.keys.vault import OTHER_TENANT, Vault, approve, destroy_at_fence, recording


def test_nothing_of_any_tenant_goes_until_its_stand_in_is_cancelled(tmp_path: Path) -> None:
    """Raised twice it is up once."""
    vault = Vault(tmp_path / "keystore.db", recordings=1)
    approve(vault.connection, [0])
    for _ in range(2):
        raise_fences(vault.connection)
    placing = {each: read_fence(vault.connection, each).placing for each in TENANTS}
    before = destroy_at_fence(vault.connection, [0])
    cancel_hold(vault.connection, stand_in(DEFAULT_TENANT))

    assert placing == dict.fromkeys(TENANTS, 1)
    assert before == (KeptRecording(recording(0), Why.PLACING),)
    assert destroy_at_fence(vault.connection, [0]) == (DestroyedRecording(recording(0), NOW_US),)
    assert read_fence(vault.connection, OTHER_TENANT).placing == 1


TENANTS = (DEFAULT_TENANT, OTHER_TENANT)
