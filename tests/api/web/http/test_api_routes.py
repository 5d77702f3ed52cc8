"""What the document says of a route is what the route does."""

from pathlib import Path

import pytest

from api.operation.key_epochs import BackupGround
from api.permissions.verbs import Verb
from api.web.app import application
from api.web.http.api_routes import JOURNAL, ROLES, SCOPE, guarded, needing
from archive.catalog.access.grants import ListenGrant, VerifyGrant
from tests.api.epoch_keys import MemoryKeys
from tests.api.examples import CALL, EVERYTHING, scene, window

# What these need beside a token, or answer without an end, is in their own tests.
ELSEWHERE = {
    "live", "people", "approvals", "agents", "journal", "policies",
    "jobs", "holds", "destruction", "certificates",
}  # fmt: skip
# And of these: a second person, or a keystore that was put back.
OF_TWO = {Verb.MEASURE}
OF_A_RESTORE = {"/api/v1/keys/free"}
TAG = "vip"
BODIES = {
    "/api/v1/calls/known": {"id": CALL},
    "/api/v1/calls/search": {"window": window()},
    "/api/v1/calls/trace": {"id": CALL},
    "/api/v1/ledger/search": {"window": window()},
    "/api/v1/recordings/{recording}/corrections": {"kind": "queue", "value": "q", "reason": "x"},
    "/api/v1/recordings/{recording}/notes": {"value": "x"},
    "/api/v1/recordings/{recording}/tags": {"value": TAG},
    **{
        f"/api/v1/{of}/measures": {"kind": "freeze", "case": "D-1"}
        for of in ("recordings/{recording}", "calls/{conversation}")
    },
}
GUARDED = [
    (method.upper(), path, told[SCOPE], told[JOURNAL])
    for path, methods in application().openapi()["paths"].items()
    for method, told in methods.items()
    if JOURNAL in told and told[SCOPE] not in OF_TWO and path not in OF_A_RESTORE
    if not ELSEWHERE & set(told["tags"])
]


def test_a_route_is_documented_by_the_grant_that_it_answers_under() -> None:
    """A kind of grant that no verb opens has no route; the document says which roles have one."""
    assert guarded(ListenGrant) == {
        SCOPE: "audio:listen",
        ROLES: ["disclosure", "reviewer", "legal", "supervisor"],
        JOURNAL: "listened",
    }
    assert needing(Verb.JOURNAL) == {SCOPE: "journal:read", ROLES: ["auditor"]}
    with pytest.raises(KeyError):
        guarded(VerifyGrant)


@pytest.mark.parametrize(("method", "path", "scope", "journal"), GUARDED)
async def test_the_scope_that_is_documented_is_needed_and_enough_and_the_row_is_written(
    tmp_path: Path, method: str, path: str, scope: str, journal: str
) -> None:
    """Whoever gives out tokens reads the document and not the code."""
    url = "http://rokuon" + path.format(conversation=CALL, recording=CALL, tag=TAG)
    body = BODIES.get(path)
    ground = BackupGround(MemoryKeys(), tmp_path / "catalog.db", tmp_path / "sets")
    async with scene(tmp_path, backup=ground) as it:
        if method == "DELETE":
            await it.client.post(f"/recordings/{CALL}/tags", json={"value": TAG})
        set_up = it.journal()
        others = it.token(*(each for each in EVERYTHING if each != scope))
        refused = await it.client.request(method, url, json=body, headers=others)
        before = it.journal()
        answered = await it.client.request(method, url, json=body, headers=it.token(Verb(scope)))
        after = it.journal()

    assert refused.status_code == 403
    assert answered.status_code in {200, 201, 202, 204}
    assert before == set_up
    after = after[len(set_up) :]
    # What a search shows has a row of its own, when it is known.
    assert [entry.action for entry in after if entry.action != "found"] == [journal]


async def test_the_journal_keeps_the_range_that_was_asked_for_and_no_more_of_it(
    tmp_path: Path,
) -> None:
    """It is kept for ever; a header of kilobytes is not."""
    async with scene(tmp_path) as it:
        await it.client.get(f"/calls/{CALL}/audio")
        await it.client.get(f"/calls/{CALL}/audio", headers={"Range": "bytes=0-43"})
        await it.client.get(f"/recordings/{CALL}/audio", headers={"Range": "bytes=" + "9" * 900})
        await it.client.head(f"/recordings/{CALL}/audio", headers={"Range": "bytes=0-43"})
        kept = [entry.detail for entry in it.journal()]

    assert kept == [
        {},
        {"range": "bytes=0-43"},
        {"of": "recording", "range": "bytes=" + "9" * 94},
        {"of": "recording", "method": "HEAD"},
    ]
