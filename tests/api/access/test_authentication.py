"""Who asks."""

from pathlib import Path

import pytest

from api.access.authentication import Identity
from api.permissions.errors import NotAuthenticated
from api.permissions.peers import Peer
from api.permissions.verbs import Verb
from archive.catalog.database.engine import catalog_url, open_async_engine
from tests.api.failed import failed
from tests.archive.catalog.examples import NOW_US, new_catalog, service_token


async def test_a_token_and_a_peer_are_accounts_and_nothing_else_is(tmp_path: Path) -> None:
    """An unknown token is nobody, whatever it looks like."""
    engine = new_catalog(tmp_path)
    made = service_token(engine, "crm", [Verb.READ])
    catalog = open_async_engine(catalog_url(tmp_path / "catalog.db"))
    identity = Identity(catalog, lambda: NOW_US)

    assert (await identity.by_token(made.secret)).name == "service:crm"
    assert (await identity.by_peer(Peer(7, "sato"))).name == "os:sato"
    with pytest.raises(NotAuthenticated):
        await identity.by_token("rokuon_x")
    assert failed(identity.alarms) == {"token": 1}
    await catalog.dispose()
