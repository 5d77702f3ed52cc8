"""The entry that the command line writes is the one that HTTP writes for the same act."""

from collections.abc import Callable, Iterator
from typing import Any

import httpx2
import pytest

from api.permissions.verbs import Verb
from archive.catalog.database.engine import reading
from archive.catalog.journal.entries import Entry
from rokuon.compose.api.row_seals import sealed_catalog
from rokuon.compose.archive.catalog import open_catalog
from rokuon.compose.archive.keeper import recover
from rokuon.compose.processes.sockets import status_socket
from rokuon.machine.api_client import BASE
from tests.archive.catalog.examples import service_token
from tests.rokuon.cli.command import run_at
from tests.rokuon.installation import Installation, installation
from tests.support.cli.agents import TABLE
from tests.support.cli.calls import DAY, WINDOW, found
from tests.support.cli.live_calls import CALL, up
from tests.support.cli.node import signalling
from tests.told import all_told, last_place

Asked = list[tuple[str, str, Any]]
ZONE = "Asia/Tokyo"
PURPOSE = "case:D-2026-0114"
CENTURY_US = 100 * 366 * 24 * 3_600 * 1_000_000


def window(site: Installation) -> dict[str, str]:
    """The day that `WINDOW` means."""
    del site
    year, month, day = map(int, DAY.split("-"))
    return {
        "from": f"{DAY}T00:00:00+09:00",
        "to": f"{year}-{month:02}-{day + 1:02}T00:00:00+09:00",
        "zone": ZONE,
    }


def acts(site: Installation, call: str, recording: str) -> dict[str, tuple[list[str], Asked]]:
    """Each command, and what it is over HTTP."""
    day, reason = window(site), {"reason": "card"}
    live = f"/live/{CALL.recording}"
    agent = [{"kind": "agent", "value": "田中"}]
    export, show = f"/recordings/{recording}/export", ("GET", f"/calls/{call}", None)
    return {
        "find": (
            ["calls", "find", *WINDOW, "--agent", "田中"],
            [("POST", "/calls/search", {"window": day, "clues": agent})],
        ),
        "show": (["calls", "show", call], [show]),
        "show by Call-ID": (
            ["calls", "show", "one@example"],
            [("POST", "/calls/known", {"id": "one@example"}), show],
        ),
        "export": (
            ["calls", "export", call, "-O", str(site.folder / "same.wav")],
            [show, ("GET", f"{export}?format=wav", None), ("GET", f"{export}/notes", None)],
        ),
        "trace": (["calls", "trace", call], [("POST", "/calls/trace", {"id": call})]),
        "ledger": (
            ["calls", "ledger", *WINDOW],
            [("POST", "/ledger/search", {"window": day, "limit": 500})],
        ),
        "live": (["calls", "live"], [("GET", "/live/calls", None)]),
        **{
            verb: (
                ["calls", verb, CALL.recording, "--reason", "card"],
                [
                    ("GET", f"/live/calls?id={CALL.recording}", None),
                    ("POST", f"{live}/{verb}", reason),
                ],
            )
            for verb in ("start", "pause", "resume", "stop")
        },
        "correct": (
            ["calls", "correct", call, "queue", "support", "--reason", "moved"],
            [show, ("POST", f"/recordings/{recording}/corrections",
                    {"kind": "queue", "value": "support", "reason": "moved"})],
        ),
        "tag": (
            ["calls", "tag", call, "vip"],
            [show, ("POST", f"/recordings/{recording}/tags", {"value": "vip"})],
        ),
        "untag": (
            ["calls", "tag", call, "vip", "--remove"],
            [show, ("POST", f"/recordings/{recording}/tags", {"value": "vip"}),
             ("DELETE", f"/recordings/{recording}/tags/vip", None)],
        ),
        "note": (
            ["calls", "note", call, "called back"],
            [show, ("POST", f"/recordings/{recording}/notes", {"value": "called back"})],
        ),
        "agents": (["agents", "list"], [("GET", "/agents", None)]),
        "import": (
            ["agents", "import", str(site.folder / "agents.csv")],
            [("PUT", "/agents", TABLE.encode())],
        ),
        "refused": (
            ["calls", "show", call, "--purpose", "curiosity"],
            [("GET", f"/calls/{call}", "curiosity")],
        ),
    }  # fmt: skip


def told(entry: Entry) -> tuple[object, ...]:
    """All of an entry but who, when, and where another one stands."""
    # Whatever counts what changed is another number the second time.
    counted = {"search", "added", "unchanged", "legs"}
    detail = {key: value for key, value in entry.detail.items() if key not in counted}
    return entry.action, entry.target, entry.reason, detail, entry.shown


def written(site: Installation, act: Callable[[], None]) -> list[tuple[object, ...]]:
    """The entries of an act."""
    engine = open_catalog(site.config)

    with reading(engine) as connection:
        before = last_place(connection)
    act()
    with reading(engine) as connection:
        after = [told(each.entry) for each in all_told(connection, after=before)]
    engine.dispose()
    return after


def over_http(site: Installation, asked: Asked, purpose: str) -> None:
    """The same act by a service with a token."""
    with sealed_catalog(site.config) as engine:
        made = service_token(engine, "crm", tuple(Verb), lifetime_us=CENTURY_US)
    headers = {"Authorization": f"Bearer {made.secret}", "Rokuon-Purpose": purpose}
    transport = httpx2.HTTPTransport(uds=str(site.answering()))
    with httpx2.Client(transport=transport, base_url="http://rokuon" + BASE) as client:
        for method, path, body in asked:
            own = headers | ({"Rokuon-Purpose": body} if isinstance(body, str) else {})
            content = {"content": body} if isinstance(body, bytes) else {}
            as_json = {"json": body} if isinstance(body, dict) else {}
            client.request(method, path, headers=own, **content, **as_json)


NAMES = (
    "find", "show", "show by Call-ID", "export", "trace", "ledger", "live", "start", "pause",
    "resume", "stop", "correct", "tag", "untag", "note", "agents", "import", "refused",
)  # fmt: skip


@pytest.fixture(scope="module")
def site() -> Iterator[Installation]:
    """With one call; whatever is done to it leaves an entry and no more than that."""
    with installation() as made:
        made.put_call()
        recover(made.config)
        (made.folder / "agents.csv").write_text(TABLE)
        yield made


@pytest.mark.parametrize("name", NAMES)
def test_both_ways_write_the_same(site: Installation, name: str) -> None:
    """Who audits need not know by which door somebody came in."""
    row = found(site)[0]
    command, asked = acts(site, str(row["call"]), str(row["recording"]))[name]
    stated = [] if name in {"refused", "agents", "import"} else ["--purpose", PURPOSE]
    with signalling(status_socket(site.config), up(CALL)):
        if name == "untag":
            run_at(site, "calls", "tag", str(row["call"]), "vip", *stated)
        typed = written(site, lambda: run_at(site, *command, *stated) and None)
        sent = written(site, lambda: over_http(site, asked, PURPOSE if stated else "technical"))
    sent = [entry for entry in sent if entry[0] not in {"service_added", "token_created"}]

    assert typed or name == "agents"
    assert typed == (sent[:1] + sent[2:] if name == "untag" else sent)
