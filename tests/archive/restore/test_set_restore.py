"""Sets of a whole installation: verified, restored into a stopped one, tried out."""

import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from api.access.credentials import account_by_token
from archive.backup.catalog_set import make_catalog_set, stored_sets
from archive.backup.errors import NothingOpened, SetDamaged, SetOutdated
from archive.backup.sealed import SetKind
from archive.catalog.accounts.tokens import revoke_token
from archive.catalog.database.engine import catalog_url, open_engine, reading, writing
from archive.catalog.journal.authors import Author
from archive.catalog.locating.identity import identity_of_index
from archive.ids import DEFAULT_TENANT
from archive.keys.client.epoch_client import EpochClient
from archive.keys.store.legal_holds import read_fence
from archive.keys.store.schema import open_database
from archive.restore.set_restore import BEFORE
from rokuon.compose.api.row_seals import altered_rows, seal_again, sealed_catalog
from rokuon.compose.api.users import make_first_person, make_token
from rokuon.compose.archive.catalog import CATALOG_FILE, local_access
from rokuon.compose.archive.keeper import readopt_kept, recover
from rokuon.compose.archive.key_daemon import catalog_sets, keys_config, open_keys
from rokuon.compose.archive.records import verify_archive
from rokuon.compose.archive.restore import drill, restore_set, verify_set
from rokuon.compose.processes.instances import only_instance
from rokuon.compose.processes.lock import lock_path, none_runs, only_one
from rokuon.compose.processes.supervisor import START_ORDER
from rokuon.machine import clock
from rokuon.messages.errors import AlreadyRunning, NotReady
from tests.rokuon.installation import Installation, installation, key_daemon, put_catalog


@pytest.fixture(scope="module")
def site() -> Iterator[Installation]:
    with installation() as made:
        made.put_call()
        recover(made.config)
        with closing(open_keys(made.config, "api")) as client:
            keys = EpochClient(client)
            keys.back_up_keystore()
            while not keys.epochs().newest_set.name:
                pass
            catalog = made.config.catalog_path / CATALOG_FILE
            make_catalog_set(catalog, catalog_sets(made.config), keys, clock.now_us())
        yield made


def set_of(site: Installation, kind: SetKind) -> Path:
    folders = {
        SetKind.KEYSTORE: keys_config(site.config).sets,
        SetKind.CATALOG: catalog_sets(site.config),
    }
    return stored_sets(folders[kind])[0].path


def index_of(catalog: Path) -> bytes:
    engine = open_engine(catalog_url(catalog))
    with reading(engine) as connection:
        identity = identity_of_index(connection)
    engine.dispose()
    return identity


@pytest.mark.parametrize("kind", list(SetKind))
def test_a_set_is_verified_without_being_restored(site: Installation, kind: SetKind) -> None:
    """Whoever keeps it wants to know before he needs it."""
    assert verify_set(site.config, set_of(site, kind)).kind is kind


def test_a_drill_opens_a_recording_with_what_is_restored(site: Installation) -> None:
    """The only proof that a backup is one."""
    done = drill(site.config)

    assert done.parts == 1
    assert not list(site.folder.rglob("*.check"))


def test_a_drill_without_a_recording_says_so(site: Installation, tmp_path: Path) -> None:
    """Nothing opened is nothing proved."""
    away = tmp_path / "archive"
    shutil.move(site.config.archive.path, away)
    try:
        with pytest.raises(NothingOpened):
            drill(site.config)
    finally:
        shutil.move(away, site.config.archive.path)


def test_a_damaged_set_is_told_from_one_that_is_over(site: Installation, tmp_path: Path) -> None:
    """One is fetched again, the other has ended as it should."""
    broken = tmp_path / "broken.rkb"
    content = bytearray(set_of(site, SetKind.CATALOG).read_bytes())
    content[-1] ^= 1
    broken.write_bytes(content)
    with pytest.raises(SetDamaged):
        verify_set(site.config, broken)
    key = keys_config(site.config).epochs / "epoch-000001.key"
    key.rename(tmp_path / "key")
    try:
        with pytest.raises(SetOutdated):
            verify_set(site.config, set_of(site, SetKind.KEYSTORE))
    finally:
        (tmp_path / "key").rename(key)


def test_nothing_is_restored_under_a_running_key_daemon(site: Installation) -> None:
    """It would go on writing to what was there before."""
    with pytest.raises(NotReady):
        restore_set(site.config, set_of(site, SetKind.KEYSTORE))


@pytest.mark.parametrize("part", [*START_ORDER, "signalling"])
def test_nothing_is_restored_beside_a_part_that_runs_by_itself(
    site: Installation, part: str
) -> None:
    """A keeper would go on writing to the catalog that was there before; each has its own lock."""
    with only_instance(site.config, part, 0), pytest.raises(AlreadyRunning, match=part):
        restore_set(site.config, set_of(site, SetKind.CATALOG))


def test_no_part_starts_while_a_set_is_put_in_place(tmp_path: Path) -> None:
    """Nor does the restoring leave a lock where there was none, which would be of its user."""
    known, unknown = lock_path(tmp_path, "keeper"), lock_path(tmp_path, "api")
    known.touch()
    with none_runs([known, unknown]), pytest.raises(AlreadyRunning), only_one(tmp_path, "keeper"):
        pass

    assert not unknown.exists()


def test_a_restored_installation_opens_what_was_recorded() -> None:
    """Keystore and catalog are lost; the sets and the key service's files are there."""
    with installation() as made:
        made.put_call()
        recover(made.config)
        with closing(open_keys(made.config, "api")) as client:
            keys = EpochClient(client)
            keys.back_up_keystore()
            while not keys.epochs().newest_set.name:
                pass
            catalog = made.config.catalog_path / CATALOG_FILE
            make_catalog_set(catalog, catalog_sets(made.config), keys, clock.now_us())
        made.put_call()
        recover(made.config)
        made.stop_keys()
        put_catalog(made.config)
        keys_config(made.config).keystore.write_bytes(b"")
        for kind in SetKind:
            restore_set(made.config, set_of(made, kind))

        assert keys_config(made.config).keystore.with_name(f"keystore.db{BEFORE}").exists()
        with closing(open_database(keys_config(made.config).keystore)) as keystore:
            assert read_fence(keystore, DEFAULT_TENANT).placing == 1, "holds placed since are lost"
        with key_daemon(made.config):
            assert drill(made.config).parts == 1
            # What was recorded since: neither set has its key or its row.
            assert len(readopt_kept(made.config).parts) == 1
            verified = verify_archive(made.config, lambda *_: None)
            assert (verified.parts, verified.findings) == (2, [])


def test_nobody_is_locked_out_by_a_catalog_that_was_restored() -> None:
    """It is older than what the API has sealed since: its own seals say what was so then."""
    with installation() as made:
        make_first_person(made.config)
        kept = make_token(made.config, "crm")
        with closing(open_keys(made.config, "api")) as client:
            catalog = made.config.catalog_path / CATALOG_FILE
            keys = EpochClient(client)
            make_catalog_set(catalog, catalog_sets(made.config), keys, clock.now_us())
        since = make_token(made.config, "erp")
        made.stop_keys()
        restore_set(made.config, set_of(made, SetKind.CATALOG))
        with sealed_catalog(made.config) as engine:
            known = [
                account_by_token(engine, each, clock.now_us()) is not None for each in (kept, since)
            ]

        assert (known, altered_rows(made.config)) == ([True, False], ())
        assert made.config.seal_log.with_name(f"seals.log{BEFORE}").exists()


def test_columns_of_the_catalog_that_was_there_are_not_believed_of_a_restored_one() -> None:
    """Its rows are numbered anew from the day of the set, and its changes counted anew."""
    with installation() as made:
        catalog = made.config.catalog_path / CATALOG_FILE
        with closing(open_keys(made.config, "api")) as client:
            keys = EpochClient(client)
            make_catalog_set(catalog, catalog_sets(made.config), keys, clock.now_us())
        before = index_of(catalog)
        made.stop_keys()
        restored = []
        for _ in range(2):
            restore_set(made.config, set_of(made, SetKind.CATALOG))
            restored.append(index_of(catalog))

        assert len({before, *restored}) == 3
        assert not list(catalog.parent.glob("*.restored*"))


def test_a_catalog_that_was_put_back_by_hand_is_not_believed_until_root_says_so() -> None:
    """Whoever has its file could have done that."""
    with installation() as made:
        make_first_person(made.config)
        token = make_token(made.config, "crm")
        catalog = made.config.catalog_path / CATALOG_FILE
        former = catalog.read_bytes()
        with sealed_catalog(made.config) as engine, writing(engine) as connection:
            revoke_token(connection, Author(access=local_access()), 1)
        catalog.write_bytes(former)
        altered = altered_rows(made.config)
        settled = seal_again(made.config, "os:root")
        with sealed_catalog(made.config) as engine:
            account = account_by_token(engine, token, clock.now_us())

    assert (altered, settled) == ((("token", 1),), {"token": 1})
    assert account is not None
