"""The use cases over a configuration."""

import asyncio
from collections.abc import Iterator

import pytest

from api.access.rate_buckets import Pace, RateLimits
from archive.catalog.database.engine import writing
from archive.catalog.destruction.tombstone_counts import count_tombstone
from archive.catalog.tables.tenants import ensure_tenant
from archive.errors import KeyRefused, KeyUnavailable
from archive.ids import DEFAULT_TENANT, KeyId
from archive.keys.client.epoch_client import EpochClient
from archive.keys.client.key_client import KeyClient
from archive.keys.errors import Refusal
from rokuon.compose.api.application import limits_of, services
from rokuon.compose.archive.catalog import prepare_catalog
from rokuon.config.schema import HttpSettings
from tests.rokuon.installation import Installation, installation, key_daemon


@pytest.fixture
def own_site() -> Iterator[Installation]:
    """One that may be spoilt: its keystore is shut afterwards, its catalog is not whole."""
    with installation() as made:
        yield made


async def test_what_the_use_cases_need_is_opened_from_the_configuration(
    site: Installation,
) -> None:
    """National numbers are read as the first source has them."""
    async with services(site.config) as needed:
        assert needed.place.country == "JP"
        assert needed.sign_in.idle_us == 30 * 60_000_000
        assert needed.sign_in.longest_us == 12 * 3_600_000_000
        assert needed.sign_in.key.raw == site.config.sign_in_key.read_bytes()
        assert needed.node.path == site.config.run_path / "status.sock"  # type: ignore[attr-defined]


def test_how_often_may_be_asked_is_configured() -> None:
    """A program that asks for many gets more; the limit of guesses stays as it is."""
    limits = limits_of(HttpSettings(requests_per_s=7, burst=9))

    assert limits == RateLimits(each_token=Pace(per_s=7, burst=9))


async def test_keys_put_back_while_the_api_runs_are_compared_before_a_key_is_opened(
    own_site: Installation,
) -> None:
    """The key daemon is stopped, another folder is put there, and it is started again."""
    prepare_catalog(own_site.config).dispose()
    async with services(own_site.config) as needed:
        keys = needed.keys
        assert isinstance(keys, KeyClient)
        before = await asyncio.to_thread(EpochClient(keys).epochs)
        await asyncio.to_thread(own_site.stop_keys)
        with writing(needed.engine.engine) as connection:
            tenant = ensure_tenant(connection, DEFAULT_TENANT)
            count_tombstone(connection, tenant, bytes(32))
        await asyncio.to_thread(own_site.keys.enter_context, key_daemon(own_site.config))
        with pytest.raises(KeyRefused, match=Refusal.ROLLED_BACK):
            await asyncio.to_thread(keys.open, KeyId(bytes(16)), b"")

    assert before.gate.is_open


async def test_what_cannot_be_compared_is_asked_for_nothing(own_site: Installation) -> None:
    """The catalog cannot be read."""
    prepare_catalog(own_site.config).dispose()
    async with services(own_site.config) as needed:
        with writing(needed.engine.engine) as connection:
            connection.exec_driver_sql("DROP TABLE tombstone_count")
        with pytest.raises(KeyUnavailable):
            await asyncio.to_thread(needed.keys.fence, DEFAULT_TENANT)
        with pytest.raises(KeyUnavailable):
            await asyncio.to_thread(needed.keys.fence, DEFAULT_TENANT)
