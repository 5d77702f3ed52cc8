"""The routes of measures, and what a program gets of a recording that is limited."""

from pathlib import Path

import pytest

from api.permissions.verbs import Verb
from archive.catalog.database.engine import writing
from archive.catalog.holds.measures import lift_measure
from tests.api.examples import CALL, OTHERS_CALL, Scene, scene, window
from tests.archive.catalog.examples import author
from tests.support.web.measures import RESTRICTING, SUSPENSION, suspend, take_over_at

PATHS = (f"/recordings/{CALL}", f"/calls/{CALL}")


def doors(path: str) -> list[tuple[str, str]]:
    """Everything that gives audio of the call, or of its one recording."""
    if path.startswith("/calls"):
        return [("GET", f"{path}/audio"), ("HEAD", f"{path}/audio"), ("GET", f"{path}/waveform")]
    return [
        ("GET", f"{path}/audio"),
        ("HEAD", f"{path}/audio"),
        ("GET", f"{path}/peaks"),
        ("GET", f"{path}/export?format=wav"),
        ("GET", f"{path}/export/notes"),
    ]


async def answered(here: Scene, purpose: str) -> dict[str, tuple[int, str]]:
    """What each door says to that purpose: status and code; SIP messages are one of them."""
    headers = {"Rokuon-Purpose": purpose}
    found: dict[str, tuple[int, str]] = {}
    for method, path in [each for at in PATHS for each in doors(at)]:
        answer = await here.client.request(method, path, headers=headers)
        refused = method == "GET" and answer.status_code >= 400
        found[f"{method} {path}"] = (answer.status_code, answer.json()["code"] if refused else "")
    ladder = await here.client.post("/calls/trace", json={"id": CALL}, headers=headers)
    found["trace"] = (ladder.status_code, ladder.json().get("code", ""))
    return found


async def searched(here: Scene, purpose: str) -> list[str]:
    """The recordings on the page of a search for everything."""
    answer = await here.client.post(
        "/calls/search", json={"window": window()}, headers={"Rokuon-Purpose": purpose}
    )
    return [each["recording"] for each in answer.json()["calls"]]


async def limits_in_lists(here: Scene, purpose: str) -> dict[str, list[str | None]]:
    """What rows with a recording say of its use."""
    headers, body = {"Rokuon-Purpose": purpose}, {"window": window()}
    found = {}
    for path, name in (("/calls/search", "search"), ("/ledger/search", "ledger")):
        answer = await here.client.post(path, json=body, headers=headers)
        rows = answer.json()["calls"]
        found[name] = [each["limit"] for each in rows if each["recording"]]
    return found


async def test_what_a_case_has_done_is_listed_with_what_was_lifted(tmp_path: Path) -> None:
    """Page by page; of another case nothing."""
    async with scene(tmp_path) as it:
        headers = it.token(Verb.FREEZE)

        async def listed(case: str, behind: int = 0) -> list[dict[str, object]]:
            asked = {"case": case, "behind": behind}
            answer = await it.client.get("/measures", params=asked, headers=headers)
            return list(answer.json()["measures"])

        suspend(it.engine)
        first = await listed("D-1")
        with writing(it.engine) as connection:
            lift_measure(connection, author(), SUSPENSION)
        last = await listed("D-1")
        rest, other = await listed("D-1", int(str(last[-1]["place"]))), await listed("D-2")

    assert [(each["kind"], each["recording"]) for each in first] == [("suspension", CALL)]
    assert first[0]["lifted_at"] is None
    assert [each["lifted_at"] is not None for each in last] == [True]
    assert (rest, other) == ([], [])


async def test_nothing_of_a_suspended_call_leaves_by_any_door(tmp_path: Path) -> None:
    """The far end gets a refusal in place of bytes, whatever it states; and no hit."""
    async with scene(tmp_path) as it:
        before = await answered(it, "quality")
        opened = len(it.source.grants)
        suspend(it.engine)
        after = {purpose: await answered(it, purpose) for purpose in ("quality", "case:D-1")}
        hits = {purpose: await searched(it, purpose) for purpose in ("quality", "case:D-1")}
        told = await it.client.get(PATHS[1], headers={"Rokuon-Purpose": "case:D-1"})
        lists = await limits_in_lists(it, "case:D-1")

    assert {status for status, _ in before.values()} == {200}
    for found in after.values():
        assert {status for status, _ in found.values()} == {403}
        assert {code for _, code in found.values()} <= {"use_suspended", ""}
    assert hits == {"quality": [], "case:D-1": [CALL]}
    assert told.json()["recordings"][0]["limit"] == "suspended"
    assert lists == {"search": ["suspended"], "ledger": ["suspended"]}
    assert opened == len(it.source.grants)


async def test_a_restricted_call_is_heard_for_its_purposes_alone(tmp_path: Path) -> None:
    """The policy names dispute; the call was a month ago, and its day is over."""
    async with scene(tmp_path) as it:
        take_over_at(it.engine, RESTRICTING)
        found = {each: await answered(it, each) for each in ("quality", "case:D-1", "dispute")}
        hits = {each: await searched(it, each) for each in ("quality", "case:D-1", "dispute")}
        lists = await limits_in_lists(it, "dispute")

    assert {status for status, _ in found["dispute"].values()} == {200}
    for purpose in ("quality", "case:D-1"):
        assert {code for _, code in found[purpose].values()} <= {"use_restricted", ""}
        assert {status for status, _ in found[purpose].values()} == {403}
    assert hits == {"quality": [], "case:D-1": [], "dispute": [CALL]}
    assert lists == {"search": [None], "ledger": [None]}


@pytest.mark.parametrize("path", PATHS)
async def test_a_freeze_is_taken_on_one_word_and_told_of(tmp_path: Path, path: str) -> None:
    """By a service, too: it protects. `explain` says which case keeps the call."""
    async with scene(tmp_path) as it:
        headers = it.token(Verb.FREEZE, Verb.READ)
        body = {"kind": "freeze", "case": "D-1"}
        first = await it.client.post(f"{path}/measures", json=body, headers=headers)
        again = await it.client.post(f"{path}/measures", json=body, headers=headers)
        kept = await it.client.get(f"/recordings/{CALL}/retention")

    done = {"kind": "freeze", "case": "D-1", "recordings": [CALL]}
    assert first.json() == {**done, "going": [], "too_late": []}
    assert again.json()["recordings"] == []
    assert any("D-1" in each for each in kept.json()["audio"]["because"])


@pytest.mark.parametrize(
    ("path", "body", "status", "code"),
    [
        (PATHS[0], {"kind": "suspension", "case": "D-1"}, 403, "not_permitted"),
        (PATHS[0], {"kind": "freeze", "case": "D 1"}, 422, "request_invalid"),
        (PATHS[0], {"kind": "hold", "case": "D-1"}, 422, "request_invalid"),
        (f"/calls/{OTHERS_CALL}", {"kind": "freeze", "case": "D-1"}, 404, "not_found"),
    ],
)
async def test_what_cannot_be_taken_is_refused_by_name(
    tmp_path: Path, path: str, body: dict[str, str], status: int, code: str
) -> None:
    """Who may freeze may not stop; another tenant's call is not there."""
    async with scene(tmp_path) as it:
        headers = it.token(Verb.FREEZE)
        answer = await it.client.post(f"{path}/measures", json=body, headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
