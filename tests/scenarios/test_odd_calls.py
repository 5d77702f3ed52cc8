"""Calls of which their peer says odd things, through both doors, on both databases.

A peer of its own says them; whoever searches and exports does it over HTTP.
"""

import json
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from http.client import HTTPResponse
from itertools import product
from pathlib import Path
from statistics import median
from typing import Any, Final
from urllib.request import Request, urlopen

import pytest

from tests.odd_calls import ODDITIES
from tests.postgresql.cluster import MEMORY, programs, running as served
from tests.scenarios.odd_peer import CALLED, CALLEE, CALLER, DOORS, PACKETS, PLAIN, OddCall, callee
from tests.scenarios.server import HOST, Server, running
from tests.scenarios.waiting import until
from tests.scenarios.witness import read_pcap

pytestmark = pytest.mark.scenario

SEARCHABLE_WITHIN_S: Final = 5.0
# They share the batches of the keeper with their neighbours.
ODD_AT_ONCE: Final = 5
# What says of a recording that not all of what its peer said is found.
TOLD: Final = frozenset({"metadata_broken", "metadata_incomplete", "text_changed"})
_INLINE: Final = """\
[[source]]
name = "alice"
address = ["{caller}/32", "{callee}/32"]
zone = "UTC"
[[target]]
name = "bob"
uri = "{uri}"
check_s = 0
[[route]]
name = "to-bob"
to = ["bob"]
number = ["{called}"]
{catalog}
"""
_SCOPES: Final = (
    *("--scope", "calls:search", "--scope", "ledger:read", "--scope", "audio:export"),
    *("--purpose", "technical"),
)
Row = dict[str, Any]


@contextmanager
def catalog_on(database: str) -> Iterator[str]:
    """The table of the configuration that says where the catalog is."""
    if database == "sqlite":
        yield ""
        return
    pytest.importorskip("psycopg", reason="the driver comes with `make postgresql`")
    binaries = programs()
    if binaries is None:
        pytest.skip("no PostgreSQL here: apt-get install postgresql")
    with served(binaries, MEMORY) as cluster:
        yield f'[catalog]\nurl = "{cluster.new_catalog()}"'


@contextmanager
def between_doors(database: str) -> Iterator[Server]:
    """A Rokuon that takes recording sessions and inline calls, its catalog on this database."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="rk")))
        more = _INLINE.format(
            caller=CALLER, callee=CALLEE, uri=stack.enter_context(callee()), called=CALLED,
            catalog=stack.enter_context(catalog_on(database)),
        )  # fmt: skip
        yield stack.enter_context(running(folder, timeout_s=60, more=more))


class Searcher:
    """Who looks for calls, over HTTP alone."""

    def __init__(self, server: Server) -> None:
        self._server, own = server, server.command("user", "token", "desk", *_SCOPES)
        self._token = own.strip().splitlines()[-1]

    def _ask(self, path: str, body: bytes | None = None) -> HTTPResponse:
        at = f"http://{HOST}:{self._server.http_port}/api/v1/{path}"
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"}
        return urlopen(Request(at, body, headers))

    def _rows(self, path: str, call: OddCall, **said: Any) -> list[Row]:
        began, ended = call.began_at.isoformat(), call.ended_at.isoformat()
        window = {"from": began, "to": ended, "zone": "UTC"}
        with self._ask(path, json.dumps({"window": window, **said}).encode()) as answer:
            return list(json.load(answer)["calls"])

    def by_number(self, call: OddCall) -> set[str]:
        """Recordings with its customer's number, which no other has."""
        clue = {"kind": "number", "value": call.invitation.number}
        return {row["recording"] for row in self._rows("calls/search", call, clues=[clue])}

    def flags(self, call: OddCall, recording: str) -> set[str]:
        """What a search by time says of that recording."""
        rows = self._rows("calls/search", call, limit=200)
        return next((set(row["flags"]) for row in rows if row["recording"] == recording), set())

    def fate(self, call: OddCall) -> Row | None:
        """The row of the register of all calls with its Call-ID, or as much as a row has of it."""
        own = call.invitation.call_id
        return next(
            (
                row
                for row in self._rows("ledger/search", call, limit=500)
                if row["call_id"][-16:] == own[-16:]
                or (len(row["call_id"]) > 200 and own.startswith(row["call_id"][:200]))
            ),
            None,
        )

    def heard(self, recording: str, into: Path) -> list[bytes]:
        """The payloads of its export."""
        with self._ask(f"recordings/{recording}/export?format=pcap") as answer:
            into.write_bytes(answer.read())
        return [each.payload for each in read_pcap(into)]


def over(call: OddCall) -> OddCall:
    """It, spoken in and hung up."""
    call.speak()
    call.hang_up()
    return call


def found_after_s(searcher: Searcher, call: OddCall) -> float:
    """Seconds from its BYE until a search has it."""
    over(call)
    ended_s = time.monotonic()
    until(lambda: searcher.by_number(call) or None, "a neighbour", within_s=60)
    return time.monotonic() - ended_s


def what_is_wrong(searcher: Searcher, call: OddCall, folder: Path) -> str:
    """Nothing, where it was recorded, and is flagged or found; or refused, and a row says why."""
    row = until(lambda: searcher.fate(call), f"a row of {call.invitation.oddity.kind}")
    if not call.is_taken:
        answer = row["answer"]
        is_told = answer["status"] == call.status and answer["reason"] and not row["recording"]
        return "" if is_told else f"refused with {call.status}: {row}"
    recording = row["recording"]
    if not (TOLD & searcher.flags(call, recording) or recording in searcher.by_number(call)):
        return f"neither found nor flagged: {row}"
    kept = sum(
        payload.endswith(call.mark) for payload in searcher.heard(recording, folder / "x.pcap")
    )
    return "" if kept == PACKETS * len(call.ports) else f"{kept} packets: {row}"


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_odd_calls_are_recorded_found_or_flagged_and_stop_no_neighbour(
    database: str, record_property: Callable[[str, object], None]
) -> None:
    """Four such calls held 56 good ones back, for ever."""
    kinds = list(product(DOORS, ODDITIES))
    odd, took_s = list[OddCall](), list[float]()
    with between_doors(database) as server:
        searcher = Searcher(server)
        for at in range(0, len(kinds), ODD_AT_ONCE):
            neighbours = [OddCall(server.sip_port, door, PLAIN) for door in DOORS]
            odd += [over(OddCall(server.sip_port, *each)) for each in kinds[at : at + ODD_AT_ONCE]]
            took_s += [found_after_s(searcher, each) for each in neighbours]
        record_property("found_after_s", f"{median(took_s):.2f}, at most {max(took_s):.2f}")
        wrong = [
            (call.invitation.door, call.invitation.oddity.kind, said)
            for call in odd
            if (said := what_is_wrong(searcher, call, server.folder))
        ]

    assert wrong == []
    assert max(took_s) <= SEARCHABLE_WITHIN_S
