"""How many recordings a policy would have go earlier."""

from pathlib import Path

import pytest

from api.simulations.policy_effect import NO_EFFECT, Effect, effect_of
from api.simulations.simulation import Supposition
from archive.ids import DEFAULT_TENANT
from archive.moments import moment
from retention.policies.shipped_policy import SHIPPED
from retention.rules.rule import RetentionRule
from tests.archive.catalog.examples import NOW_US, adopt, adoption, new_catalog, same_catalog
from tests.retention.examples import policy, rule


async def effect(folder: Path, own: RetentionRule, bulk: int) -> Effect:
    """Of three calls that are kept without an end."""
    made = new_catalog(folder)
    adopt(made, *(adoption(at) for at in (1, 2, 3)))
    engine = same_catalog(made)
    what = Supposition(policy=policy(own), revisions=[SHIPPED], now=moment(NOW_US))
    found = await effect_of(engine, DEFAULT_TENANT, what, bulk)
    await engine.dispose()
    return found


@pytest.mark.parametrize(("bulk", "counted"), [(2, 2), (3, 3), (4, 3)])
async def test_it_counts_until_they_are_many(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bulk: int, counted: int
) -> None:
    """Both what falls due and what gets an end; how many more there are need nobody know."""
    monkeypatch.setattr("archive.catalog.retention.retained._AT_ONCE", 1)
    found = await effect(tmp_path, rule("a", after="P1D"), bulk)

    assert found == Effect(counted, bulk)
    assert found.is_bulk == (counted == bulk)


async def test_what_stays_as_it_is_is_not_counted(tmp_path: Path) -> None:
    """Nor is anything of a policy that is for calls to come."""
    assert await effect(tmp_path, rule("a", after="never"), 1) == Effect(0, 1)
    assert not NO_EFFECT.is_bulk
