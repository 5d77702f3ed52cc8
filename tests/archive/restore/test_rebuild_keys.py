"""Keys are opened before an index is made anew, an entry for each recording."""

from contextlib import closing

import pytest

from archive.catalog.database.engine import reading
from archive.disk.files import LocalDisk
from archive.disk.store import LocalStore
from archive.errors import KeyRefused
from archive.ids import KeyId
from archive.restore.rebuild_keys import REASON, RebuildKeys
from archive.verification.openings import compare_openings
from rokuon.compose.archive.catalog import local_access, open_catalog
from rokuon.compose.archive.key_daemon import open_keys
from tests.rokuon.installation import Installation
from tests.told import all_told, last_place


def test_each_recording_has_its_entry_and_the_daemon_was_told_of_it(site: Installation) -> None:
    """A key that nobody opened is refused."""
    engine, store = open_catalog(site.config), LocalStore(site.config.archive.path, LocalDisk())
    names = list(store.names(".rkn"))
    with reading(engine) as connection:
        before = last_place(connection)
    client = open_keys(site.config, "api")
    with closing(client), closing(RebuildKeys(client, engine, local_access)) as keys:
        keys.open_facts()
        keys.open_parts(store, names)
        assert compare_openings(engine, client).findings == []
        with pytest.raises(KeyRefused, match="key_unknown"):
            keys.key(KeyId(bytes(16)))

    with reading(engine) as connection:
        told = [each.entry for each in all_told(connection, after=before)]
    own = [name.rpartition("/")[2].partition("-")[0] for name in names]
    assert [(each.action, each.target) for each in told] == [("verified", each) for each in own]
    assert [each.detail["what"] for each in told] == [REASON] * len(own)
