"""Rule packs over HTTP."""

from hashlib import sha256
from pathlib import Path

from api.permissions.roles import Role
from tests.api.examples import scene
from tests.support.web.approvals import person


async def test_packs_are_listed_shown_and_taken_over(tmp_path: Path) -> None:
    """What deletes waits for another person; what is not there is 404."""
    async with scene(tmp_path) as it:
        owner = person(it.engine, "owner", Role.RETENTION_OWNER)
        listed = (await it.client.get("/rule-packs", headers=owner)).json()["packs"]
        one = (await it.client.get("/rule-packs/jp-kashikin", headers=owner)).json()
        done = await it.client.put("/rule-packs/jp-kashikin", json={}, headers=owner)
        waits = await it.client.put("/rule-packs/jp-appi", json={}, headers=owner)
        none = await it.client.get("/rule-packs/jp-none", headers=owner)
        after = (await it.client.get("/rule-packs/jp-kashikin", headers=owner)).json()

    assert [each["id"] for each in listed] == ["eu-gdpr", "jp-appi", "jp-kashikin"]
    assert one["pack"]["sha256"] == sha256(one["text"].encode()).hexdigest()
    assert (one["pack"]["in_policy"], after["pack"]["in_policy"]) == (False, True)
    assert (done.status_code, done.json()["is_new"]) == (200, True)
    assert (waits.status_code, waits.json()["code"]) == (409, "approval_needed")
    assert (none.status_code, none.json()["code"]) == (404, "not_found")
