"""Legal holds end by two persons' word, and what they held is kept for a while all the same."""

from dataclasses import replace
from datetime import time
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import pytest

from api.permissions.errors import ApprovalNeeded
from archive.catalog.database.engine import reading, writing
from archive.catalog.register.legal_holds import holds_over
from archive.catalog.retention.revisions import NewRevision, append_revision
from archive.catalog.tables.tenants import tenant_row
from archive.errors import KeyUnavailable
from archive.ids import DEFAULT_TENANT
from archive.lifecycle.legal_holds import HoldOver
from archive.moments import moment
from retention.policies.policy import Limits
from retention.policies.policy_text import policy_text
from tests.api.holds.scene import KEYS, HoldSite, hold_site, wish
from tests.archive.catalog.examples import author, recording_id
from tests.retention.examples import policy
from tests.support.hold_scenes import GRACE_US
from tests.support.summaries import proposed_in_words

# The time of grace ends with its last day.
DAY_US: Final = 86_400_000_000


async def approved(site: HoldSite, number: int) -> None:
    """Another person gives its word."""
    await site.approvals.give(site.other, number)


async def test_a_release_takes_another_person_and_the_keys_go_free_after_the_grace(
    tmp_path: Path,
) -> None:
    """Who sees that it was a mistake has a week to place another hold."""
    async with hold_site(tmp_path) as site:
        placed = await site.placements.place(site.owner, wish())
        number = placed.hold.number
        with pytest.raises(ApprovalNeeded) as proposed:
            await site.releases.release(site.owner, number)
        with pytest.raises(ApprovalNeeded):
            await site.releases.release(site.owner, number)
        await approved(site, proposed.value.number)
        summary = proposed_in_words(await site.approvals.show(site.other, proposed.value.number))
        done = await site.releases.release(site.owner, number)
        with pytest.raises(HoldOver):
            await site.releases.release(site.owner, number)
        await site.upkeep.once()
        in_grace = site.key_client.destroy(KEYS[1])
        site.it.now_us += GRACE_US + DAY_US
        await site.upkeep.once()
        await site.upkeep.once()
        (told,) = site.it.journal("hold_released")

    assert "release legal hold 1 of matter M-2026-07\n3 recordings held" in summary
    assert done.hold.state == "released"
    assert done.hold.end is not None
    assert not done.hold.end.one_person
    assert (in_grace, site.key_client.destroy(KEYS[1])) == (False, True)
    assert site.key_client.asked.count("release_hold") == 1
    assert told.detail["grace_until_us"] == done.hold.end.grace_until_us


async def test_how_long_the_grace_is_stands_in_the_policy(tmp_path: Path) -> None:
    """That of the moment of release: who makes it shorter later frees nothing that was told."""
    text = policy_text(replace(policy(), limits=Limits(hold_grace_days=30)))
    async with hold_site(tmp_path, calls=1) as site:
        with writing(site.it.engine) as connection:
            new = NewRevision(text=text, in_force_us=0, is_retroactive=True)
            append_revision(connection, author(), new)
        placed = await site.placements.place(site.owner, wish())
        with pytest.raises(ApprovalNeeded) as proposed:
            await site.releases.release(site.owner, placed.hold.number)
        await approved(site, proposed.value.number)
        done = await site.releases.release(site.owner, placed.hold.number)

    assert done.hold.end is not None
    until = moment(done.hold.end.grace_until_us).astimezone(ZoneInfo("Asia/Tokyo"))
    released = moment(site.it.now_us).astimezone(until.tzinfo)
    assert (until.date() - released.date()).days == 31
    assert until.time() == time()


async def test_a_placing_is_given_up_by_two_persons_and_the_fence_comes_down(
    tmp_path: Path,
) -> None:
    """One alone could otherwise let the fence down that guards everything."""
    async with hold_site(tmp_path) as site:
        site.key_client.away = True
        placed = await site.placements.place(site.owner, wish())
        site.key_client.away = False
        site.key_client.place_hold(placed.hold.id, DEFAULT_TENANT)
        with pytest.raises(HoldOver):
            await site.releases.release(site.owner, placed.hold.number)
        with pytest.raises(ApprovalNeeded) as proposed:
            await site.releases.cancel(site.owner, placed.hold.number)
        before = site.key_client.destroy(KEYS[1])
        await approved(site, proposed.value.number)
        done = await site.releases.cancel(site.owner, placed.hold.number)
        await site.upkeep.once()
        with reading(site.it.engine) as connection:
            tenant = tenant_row(connection, DEFAULT_TENANT)
            over = list(holds_over(connection, tenant, [recording_id(1)]))

    assert (before, site.key_client.destroy(KEYS[1])) == (False, True)
    assert done.hold.state == "cancelled"
    assert over == []


async def test_keys_go_free_when_the_key_daemon_is_back(tmp_path: Path) -> None:
    """Until then they are held: longer than needed, never shorter."""
    async with hold_site(tmp_path, calls=1) as site:
        placed = await site.placements.place(site.owner, wish())
        with pytest.raises(ApprovalNeeded) as proposed:
            await site.releases.release(site.owner, placed.hold.number)
        await approved(site, proposed.value.number)
        await site.releases.release(site.owner, placed.hold.number)
        site.it.now_us += GRACE_US + DAY_US
        site.key_client.away = True
        with pytest.raises(KeyUnavailable):
            await site.upkeep.once()
        site.key_client.away = False
        before = site.key_client.destroy(KEYS[1])
        await site.upkeep.once()

    assert (before, site.key_client.destroy(KEYS[1])) == (False, True)
