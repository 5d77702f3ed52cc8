"""No answer without a scope, and none without its line in the journal."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import update

from api.calls.retrieval import describe
from api.permissions.verbs import Verb
from archive.access.query import (
    AgentClue,
    AnyAgentClue,
    DirectionClue,
    DurationClue,
    IdClue,
    MarkClue,
    PhoneClue,
    SearchQuery,
)
from archive.catalog.database.engine import writing
from archive.catalog.tables.catalog import part
from archive.ids import DEFAULT_TENANT
from tests import ROOT
from tests.api.examples import CALL, EVERYTHING, OTHERS_CALL, scene, window
from tests.archive.catalog.examples import (
    NOW_US,
    OTHER_TENANT,
    STARTED_US,
    adopt,
    adoption,
    empty_catalog,
    recording_id,
)
from tests.support.catalog.linking import HOUR_US, outbound
from tests.support.catalog.query import october

ROUTES = {
    "search": ("POST", "/calls/search", Verb.SEARCH),
    "call": ("GET", "/calls/{id}", Verb.READ),
    "recording": ("GET", "/recordings/{id}", Verb.READ),
    "parts": ("GET", "/recordings/{id}/parts", Verb.READ),
    "audio of a call": ("GET", "/calls/{id}/audio", Verb.LISTEN),
    "length of a call": ("HEAD", "/calls/{id}/audio", Verb.LISTEN),
    "audio of a recording": ("GET", "/recordings/{id}/audio", Verb.LISTEN),
    "length of a recording": ("HEAD", "/recordings/{id}/audio", Verb.LISTEN),
    "peaks": ("GET", "/recordings/{id}/peaks", Verb.LISTEN),
}
ACTIONS = {Verb.SEARCH: "searched", Verb.READ: "read", Verb.LISTEN: "listened"}
ABOUT_ONE_CALL = [name for name in ROUTES if name != "search"]


@pytest.mark.parametrize("what", ROUTES)
async def test_every_answer_has_its_line_in_the_journal(tmp_path: Path, what: str) -> None:
    """Who asked, when, for what and why: kept for everything that leaves the archive.

    What a search shows has a line of its own.
    """
    method, path, scope = ROUTES[what]
    async with scene(tmp_path) as it:
        answer = await it.client.request(
            method, path.format(id=CALL), json={"window": window()} if what == "search" else None
        )
        entry, *shown = it.journal()

    assert answer.status_code == 200
    assert [each.action for each in shown] == (["found"] if what == "search" else [])
    assert (entry.tenant, entry.actor, entry.at_us) == (DEFAULT_TENANT, "service:yamada", NOW_US)
    assert entry.action == ACTIONS[scope]
    assert entry.target == ("" if what == "search" else CALL)
    assert entry.reason == "case:D-2026-0114"


@pytest.mark.parametrize("what", ROUTES)
async def test_a_token_does_only_what_its_scopes_say(tmp_path: Path, what: str) -> None:
    """Everything that no scope names is denied, and nothing is journalled as if it had happened."""
    method, path, needed = ROUTES[what]
    async with scene(tmp_path) as it:
        others = it.token(*(scope for scope in EVERYTHING if scope is not needed))
        answer = await it.client.request(
            method,
            path.format(id=CALL),
            json={"window": window()} if what == "search" else None,
            headers=others,
        )

        assert answer.status_code == 403
        assert it.journal() == []
        assert it.source.grants == []


@pytest.mark.parametrize("what", ABOUT_ONE_CALL)
async def test_another_tenants_call_is_a_call_that_does_not_exist(
    tmp_path: Path, what: str
) -> None:
    """Whoever guesses or is told an id learns neither the call nor that there is one."""
    method, path, _ = ROUTES[what]
    nobodys = str(recording_id(77))
    async with scene(tmp_path) as it:
        others = await it.client.request(method, path.format(id=OTHERS_CALL))
        missing = await it.client.request(method, path.format(id=nobodys))

        assert (others.status_code, missing.status_code) == (404, 404)
        assert others.content == missing.content
        assert it.source.opened == []


async def test_a_call_names_those_that_seem_to_go_with_it_and_the_journal_says_so(
    tmp_path: Path,
) -> None:
    """Told apart from its own recordings; that the others are shown is written before."""
    began_us = STARTED_US + 2 * HOUR_US
    back = str(recording_id(2, began_us))
    async with scene(tmp_path) as it:
        alone = (await it.client.get(f"/calls/{CALL}")).json()
        adopt(it.engine, adoption(2, outbound(began_us)))
        answer = (await it.client.get(f"/calls/{CALL}")).json()
        *_, read, shown = it.journal()

    assert alone["inferred_links"] == []
    assert [each["recording"] for each in answer["recordings"]] == [CALL]
    assert answer["inferred_links"] == [
        {
            "conversation": back,
            "started_at": "2026-10-29T10:42:10Z",
            "ended_at": "2026-10-29T10:51:10Z",
            "direction": "outbound",
            "because": "called_back",
            "place": "after",
            "shared": ["agent"],
        }
    ]
    assert not answer["more_inferred_links"]
    assert (read.action, read.target) == ("read", CALL)
    assert (shown.action, [str(each) for each in shown.shown]) == ("found", [back])


async def test_a_search_finds_only_the_calls_of_the_token_s_tenant(tmp_path: Path) -> None:
    """Both tenants have a call in this window."""
    async with scene(tmp_path) as it:
        theirs = it.token(Verb.SEARCH, tenant=OTHER_TENANT)
        ours = await it.client.post("/calls/search", json={"window": window()})
        found = await it.client.post("/calls/search", json={"window": window()}, headers=theirs)

    assert [call["recording"] for call in ours.json()["calls"]] == [CALL]
    assert [call["recording"] for call in found.json()["calls"]] == [OTHERS_CALL]


async def test_sound_is_opened_with_the_grant_that_the_journal_knows(tmp_path: Path) -> None:
    """The key daemon is told the journal's line for which it opens a key."""
    async with scene(tmp_path) as it:
        await it.client.get(f"/calls/{CALL}/audio", headers={"Range": "bytes=0-9"})
        (grant,) = it.source.grants
        (entry,) = it.journal()
        ((stored,),) = it.source.opened

    assert grant.target == entry.target == CALL
    assert grant.seq > 0
    assert entry.detail == {"range": "bytes=0-9"}
    assert [str(part.name) for part in stored.parts] == [f"{CALL}-p00-g00"]


async def test_a_call_is_opened_with_all_its_recordings_in_their_order(tmp_path: Path) -> None:
    """A transferred call is one time line for whoever listens."""
    async with scene(tmp_path) as it:
        with writing(it.engine) as connection:
            connection.execute(update(part).values(is_last=0))
        adopt(it.engine, adoption(1, part=1))
        await it.client.get(f"/calls/{CALL}/audio")
        ((stored,),) = it.source.opened

    assert [part.name.part for part in stored.parts] == [0, 1]


KILLED = """
import asyncio, os, sys
from pathlib import Path
from sqlalchemy import event
from tests.api.examples import CALL, MemorySource, scene, window
from tests.archive.catalog import examples

# The migrations have run already, once for all tests.
examples.empty_catalog = Path(sys.argv[3]).read_bytes

class DyingSource(MemorySource):
    async def open(self, recordings, grant):
        os._exit(9)

def die(connection, cursor, statement, values, *_):
    asks = "FROM recording" in statement and "leg_name" in statement
    shows = statement.startswith("INSERT INTO journal") and "found" in values
    if asks if sys.argv[2] == "search" else shows:
        os._exit(9)

async def ask(folder, what):
    async with scene(folder) as it:
        if what == "audio":
            it.source.__class__ = DyingSource
            answer = await it.client.get(f"/calls/{CALL}/audio")
        else:
            from sqlalchemy import Engine
            event.listen(Engine, "before_cursor_execute", die)
            body = {"window": window(), "clues": [{"kind": "agent", "value": "tanaka"}]}
            answer = await it.client.post("/calls/search", json=body)
        print(answer.text, flush=True)

asyncio.run(ask(Path(sys.argv[1]), sys.argv[2]))
"""
ONE_LINE = """
import json, sys
from pathlib import Path
from archive.catalog.database.engine import catalog_url, open_engine, reading
from archive.ids import DEFAULT_TENANT
from tests.told import all_told
with reading(open_engine(catalog_url(Path(sys.argv[1]) / "catalog.db"))) as connection:
    print(json.dumps([each.entry.action for each in all_told(connection)]))
"""


@pytest.mark.parametrize(
    ("what", "action"), [("audio", "listened"), ("search", "searched"), ("page", "searched")]
)
def test_a_kill_between_journal_and_answer_leaves_the_line_and_no_answer(
    tmp_path: Path, what: str, action: str
) -> None:
    """The other order would let somebody listen and leave no trace, by pulling the plug."""
    empty = tmp_path / "empty.db"
    empty.write_bytes(empty_catalog())
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, str(tmp_path), what, str(empty)],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    told = subprocess.run(
        [sys.executable, "-c", ONE_LINE, str(tmp_path)], cwd=ROOT, capture_output=True, check=True
    )

    assert (killed.returncode, killed.stdout) == (9, b"")
    assert json.loads(told.stdout)[-1] == action


def test_the_journal_keeps_of_a_number_only_its_last_digits() -> None:
    """The journal is never erased, so what it says about a customer stays for ever."""
    query = SearchQuery(
        window=october(),
        clues=(
            PhoneClue.parse("03-1234-7788", "JP"),
            AgentClue("たなか"),
            AnyAgentClue((AgentClue("田中"), AgentClue("大野"))),
            DirectionClue("inbound"),
            DurationClue(min_ms=0, max_ms=60_000),
            IdClue("0312347788@pbx-1234.example"),
            MarkClue("queue", "support"),
        ),
    )

    told = describe(query)

    assert told["clues"] == [
        "number …7788",
        "agent たなか",
        "agent 田中 or 大野",
        "direction inbound",
        "duration 0–60000 ms",
        "id …mple",
        "queue support",
    ]
    assert "1234" not in str(told["clues"])


@dataclass(frozen=True)
class MoodClue:
    """A clue for which the journal has no words."""

    mood: str


def test_a_clue_for_which_the_journal_has_no_words_is_not_searched_for() -> None:
    """An entry that leaves out what was asked for tells less than was seen."""
    query = SearchQuery(window=october(), clues=(MoodClue("angry"),))  # type: ignore[arg-type]  # none of ours

    with pytest.raises(AssertionError, match="MoodClue"):
        describe(query)
