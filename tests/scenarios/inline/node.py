"""A Rokuon between callers and callees: each scene has a route of its own, by the number called.

Knows nothing of who calls and of what is said.
"""

import json
import os
import re
import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from tests.scenarios.namespaces import OUTSIDE
from tests.scenarios.recordings import Recorded
from tests.scenarios.scene import Scene
from tests.scenarios.server import HOST, Server, running
from tests.scenarios.waiting import now, until
from tests.scenarios.witness import Witness, watching

Table = dict[str, Any]
# Of this process alone: a node begins all the same where another one has its ports, and has none.
HERE: Final = f"127.0.{100 + os.getpid() % 100}.10"
ALICE, BOB, CAROL, PROXY = "127.0.0.11", "127.0.0.12", "127.0.0.13", "127.0.0.20"
# A baresip has this address; its media, and over TLS its signalling too, come from 127.0.0.1.
BARE = "127.0.0.14"
# A PBX with extensions that begin with 2: the numbers of its side are known.
HOUSE = "127.0.0.24"
# Who calls from here is asked for a password.
GUARDED = "127.0.0.15"
_SOURCES: Final[Sequence[Table]] = (
    *(
        {"name": name, "address": [f"{host}/32"], "zone": "UTC"}
        for name, host in (("alice", ALICE), ("bob", BOB), ("proxy", PROXY))
    ),
    {"name": "house", "address": [f"{HOUSE}/32"], "zone": "UTC", "internal_numbers": ["2*"]},
    {"name": "translated", "address": [f"{OUTSIDE}/32"], "zone": "UTC", "latch": "nat"},
    {"name": "bare", "address": [f"{BARE}/32", f"{HOST}/32"], "zone": "UTC", "latch": "nat"},
)
# Which loop the relays run: `make scenarios LOOP=python`.
LOOP: Final = os.environ.get("RELAY_LOOP", "auto")
# Of the guarded source, and of whoever asks us.
USER: Final = "0355000001"
PASSWORD: Final = "secret"  # noqa: S105  # of tests
# What the witness of a call need not cut: an INVITE over UDP with much in it.
_LONGEST: Final = 16_384
_CALL_ID: Final = re.compile(rb"^Call-ID: *(\S+)", re.IGNORECASE | re.MULTILINE)
_NOTICE: Final = {"notice": ["notice-en"], "direction": "inbound"}


@dataclass(frozen=True, slots=True)
class Call:
    """A call through the node, known by the number that only it has."""

    node: "Node"
    number: str
    since: datetime

    @property
    def uri(self) -> str:
        """Whom to call."""
        return f"sip:{self.number}@{self.node.server.bind}:{self.node.server.sip_port}"

    @property
    def secure_uri(self) -> str:
        """The same over TLS."""
        return (
            f"sip:{self.number}@{self.node.server.bind}:{self.node.server.tls_port};transport=tls"
        )

    @property
    def target(self) -> str:
        """Where the number is called, as host and port."""
        return f"{self.node.server.bind}:{self.node.server.sip_port}"

    def scene(self) -> Scene:
        """The caller's side of it, as the witness saw it."""
        return self._side(lambda to: to == self.node.server.sip_port)

    def callee_scene(self) -> Scene:
        """The side of the callee who was called last."""
        return self._side(lambda to: to != self.node.server.sip_port)

    def _side(self, of: Any) -> Scene:
        start = f"INVITE sip:{self.number}@".encode()

        def find() -> str | None:
            asked = [
                d for d in self.node.witness.seen()
                if d.payload.startswith(start) and of(d.target.port)
            ]  # fmt: skip
            found = _CALL_ID.search(asked[-1].payload) if asked else None
            return found[1].decode() if found else None

        return Scene(self.node.server, self.node.witness, until(find, f"a call to {self.number}"))

    def found(self) -> list[Recorded]:
        """What `calls find` has of this number, since the call began."""
        rows = self._rows("find", "--number", self.number)
        return [Recorded(self.node.server, row) for row in rows]

    def recorded(self, within_s: float = 15) -> Recorded:
        """Its recording, waited for; there is but one."""
        found = until(lambda: self.found() or None, f"the call to {self.number}", within_s=within_s)
        assert len(found) == 1, found
        return found[0]

    def fate(self) -> dict[str, Any]:
        """Its row of the ledger, waited for."""

        def row() -> dict[str, Any] | None:
            rows = self._rows("ledger")
            return next((each for each in rows if self.number in each["detail"]), None)

        return until(row, f"the row of {self.number}", within_s=15)

    def _rows(self, *words: str) -> list[dict[str, Any]]:
        return self.node.server.rows("calls", *words, *self.window)

    @property
    def window(self) -> tuple[str, ...]:
        """Two minutes from its begin on, as the command line wants them."""
        since, before = (
            (self.since + timedelta(minutes=m)).replace(tzinfo=None).isoformat() for m in (0, 2)
        )
        return ("--from", since, "--to", before, "--zone", "UTC")


@dataclass(frozen=True, slots=True)
class Node:
    """One that is watched; routes come and go with the scenes."""

    server: Server
    witness: Witness
    base: str

    def route(
        self,
        *targets: str | Mapping[str, Any],
        called: str = "",
        beside: bool = False,
        **settings: Any,
    ) -> Call:
        """Send `called`, or a number of its own, to these targets (URIs, or tables), in this order.

        The caller hears the English notice, where nothing else is said. The route that is there
        goes, unless this one is to be `beside` it; then targets need names.
        """
        since, number = now(), called or fresh_number()
        tables = [
            {"name": f"target-{place}", "check_s": 0, **_table(target)}
            for place, target in enumerate(targets)
        ]
        names = [table["name"] for table in tables]
        route = {"name": f"to-{number}", "to": names, "number": [number], **_NOTICE, **settings}
        written = _lists({"target": tables, "route": [route]})
        file = self.server.configuration
        there = file.read_text().removeprefix(self.base) if beside else ""
        file.write_text(self.base + written + there)
        self.server.command("reload")
        return Call(self, number, since)

    @property
    def folder(self) -> Path:
        """Where its files are."""
        return self.server.folder

    @property
    def credentials(self) -> Table:
        """What it says to a target that asks who we are."""
        return _credentials(self.folder)


def fresh_number() -> str:
    """A number in Tokyo that no other call has."""
    return f"0355{secrets.randbelow(10**6):06}"


def _credentials(folder: Path) -> Table:
    return {"user": USER, "password_file": str(folder / "password")}


def _table(target: str | Mapping[str, Any]) -> Table:
    return {"uri": target} if isinstance(target, str) else dict(target)


def _lists(lists: Mapping[str, Sequence[Table]]) -> str:
    """As TOML: what JSON and TOML write alike."""
    lines = []
    for name, tables in lists.items():
        for table in tables:
            lines += [f"[[{name}]]", *(f"{k} = {json.dumps(v)}" for k, v in table.items())]
    return "\n".join(lines) + "\n"


@contextmanager
def between(
    folder: Path,
    *,
    bind: str = HERE,
    within: Sequence[str] = (),
    max_calls: int = 4_500,
    min_free_bytes: int = 0,
    timeout_s: int = 60,
) -> Iterator[Node]:
    """A Rokuon with phones on either side while the block lasts.

    `within` is a command line that runs another one in a network namespace.
    """
    routes: dict[str, Sequence[Table]] = {
        "target": [{"name": "nobody", "uri": f"sip:{HOST}:9", "check_s": 0}],
        "route": [{"name": "none", "to": ["nobody"], "number": ["0"]}],
    }
    (folder / "password").write_text(PASSWORD)
    guarded = {"name": "guarded", "address": [f"{GUARDED}/32"], "zone": "UTC"}
    sources = (*_SOURCES, {**guarded, **_credentials(folder)})
    # Relays are started with a node that has routes.
    tables = f'[inline]\nrelay_loop = "{LOOP}"\n' + _lists({"source": sources, **routes})
    limits = {"max_calls": max_calls, "min_free_bytes": min_free_bytes}
    with running(
        folder, bind=bind, within=within, timeout_s=timeout_s, more=tables, **limits
    ) as server:
        base = server.configuration.read_text().removesuffix(_lists(routes))
        ports = f"udp portrange {server.media[0]}-{server.media[-1]}"
        filter_ = f"host {bind} and (port {server.sip_port} or {ports})"
        wire = "eth0" if within else "lo"
        with watching(folder, filter_, interface=wire, within=within, longest=_LONGEST) as witness:
            yield Node(server, witness, base)
