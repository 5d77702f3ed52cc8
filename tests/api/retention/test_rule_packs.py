"""Rule packs, taken over as any policy is."""

from pathlib import Path

import pytest

from api.permissions.errors import ApprovalNeeded, NotAllowed, UnknownPack
from api.permissions.roles import Role
from api.retention.rule_packs import RulePacks, shipped_packs
from tests.api.register import register
from tests.support.retention.policies import LONGER, Acts


async def test_taking_a_pack_over_needs_what_any_revision_needs(tmp_path: Path) -> None:
    """One that deletes takes two persons and cools off; the journal has its digest."""
    (pack,) = (each for each in shipped_packs() if each.id == "eu-gdpr")
    async with register(tmp_path) as it:
        its = Acts(it)
        packs = RulePacks(it.door, its.policies)
        with pytest.raises(ApprovalNeeded) as needed:
            await packs.take(its.owner, "eu-gdpr", is_retroactive=False)
        await its.approvals.give(its.other, needed.value.number)
        done = await packs.take(its.owner, "eu-gdpr", is_retroactive=False)
        again = await packs.take(its.owner, "eu-gdpr", is_retroactive=False)
        (told,) = it.journal("policy_taken_over")

    assert (done.is_new, done.revision.state, again.is_new) == (True, "cooling_off", False)
    assert told.detail["pack"] == f"eu-gdpr {pack.version}"
    assert told.detail["pack_sha256"] == pack.sha256.hex()


async def test_a_pack_that_only_keeps_is_in_force_on_one_persons_word(tmp_path: Path) -> None:
    """With all rules of the house beside its own."""
    async with register(tmp_path) as it:
        its = Acts(it)
        await its.policies.take_over(its.owner, LONGER)
        packs = RulePacks(it.door, its.policies)
        before = await packs.show(its.owner, "jp-kashikin")
        done = await packs.take(its.owner, "jp-kashikin", is_retroactive=True)
        after = await packs.show(its.owner, "jp-kashikin")

    assert done.revision.state == "in_force"
    assert 'id = "law"' in done.revision.stored.content.text
    assert any(line.startswith('+id = "jp-kashikin-17"') for line in before.difference)
    assert after.difference == ()


async def test_what_is_not_shipped_is_said_and_who_may_not_takes_nothing(tmp_path: Path) -> None:
    """A lawyer reads them; a retention owner takes them over."""
    async with register(tmp_path) as it:
        its, legal = Acts(it), it.person("legal", Role.LEGAL)
        packs = RulePacks(it.door, its.policies)
        with pytest.raises(UnknownPack):
            await packs.show(legal, "../jp-appi")
        with pytest.raises(NotAllowed):
            await packs.take(legal, "jp-appi", is_retroactive=False)
        listed = await packs.listed(legal)

    assert [each.pack.id for each in listed] == ["eu-gdpr", "jp-appi", "jp-kashikin"]
