"""Which calls of somebody were not recorded: SIPp is refused at either door, the ledger names them.

The witness's INVITE has what is asked for; the answer is that of the command line.
"""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest

from tests.scenarios.bodies import both, description, metadata
from tests.scenarios.inline.node import ALICE, BOB, Node, between, fresh_number
from tests.scenarios.phones import sipp
from tests.scenarios.server import KNOWN_PEER
from tests.scenarios.stage import fresh_number as customers_number
from tests.scenarios.waiting import now, until

pytestmark = [
    pytest.mark.scenario,
    pytest.mark.skipif(bool(sipp.why_not()), reason=sipp.why_not() or "it is here"),
]
NOT_ACCEPTABLE, NOT_FOUND = "488 Not Acceptable Here", "404 Not Found"
UNAVAILABLE: Final = "503 Service Unavailable"
VIDEO: Final = "v=0\r\nc=IN IP4 127.0.0.2\r\nm=video 9 RTP/AVP 99\r\na=rtpmap:99 H264/90000\r\n"
NOBODY: Final = f"sip:{BOB}:9"


@pytest.fixture(scope="module")
def full() -> Iterator[Node]:
    """A Rokuon without room for a recording."""
    with (
        tempfile.TemporaryDirectory(prefix="rk") as folder,
        between(Path(folder), min_free_bytes=10**18) as started,
    ):
        yield started


@dataclass(frozen=True, slots=True)
class People:
    """Who is told of in a call: each has a number and a name that no other call has."""

    customer: tuple[str, str]
    asserted: tuple[str, str]
    diverting: tuple[str, str]

    @classmethod
    def fresh(cls) -> "People":
        """Others than ever."""
        numbers = [fresh_number() for _ in range(2)]
        named = [
            (number, f"{name} {number[-6:]}")
            for number, name in zip(numbers, ("Aoi", "Ren"), strict=True)
        ]
        own = customers_number()
        return cls((own, f"花子{own[-6:]}"), *named)

    def headers(self, first: str) -> str:
        """Header lines, `first` among them."""
        (asserted, who), (diverting, whom) = self.asserted, self.diverting
        lines = (
            first,
            f'P-Asserted-Identity: "{who}" <sip:{asserted}@pbx.example>',
            f'Diversion: "{whom}" <sip:{diverting}@pbx.example>;reason=user-busy',
        )
        return "\r\n".join(lines)

    def keys(self, sdp: str) -> tuple[tuple[str, str], ...]:
        """What a recording session says of them, in headers and metadata."""
        number, name = self.customer
        bare = f'aor="sip:{number}@carrier.example"/>'
        named = f'{bare.removesuffix("/>")}><name xml:lang="ja">{name}</name></nameID>'
        content = both(sdp, metadata(number).replace(bare, named))
        return (
            ("sdp_type", self.headers(f"{content.header}\r\nRequire: siprec")),
            ("sdp_body", content.body),
        )


def refused(
    node: Node, folder: Path, ours: sipp.Settings, called: str, told: tuple[tuple[str, str], ...]
) -> list[dict[str, Any]]:
    """Each row that the command line has of who was told of, by number and by name."""
    since = now()
    target = f"{node.server.bind}:{node.server.sip_port}"
    with sipp.caller(folder, ours, target, called=called) as caller:
        caller.finish()
        call_id = caller.call_id()
    window = ("--from", since.isoformat(), "--to", now().isoformat(), "--zone", "UTC")

    def rows(*clue: str) -> list[dict[str, Any]]:
        return node.server.rows("calls", "ledger", "--without-recording", *window, *clue)

    until(lambda: rows() or None, "the row", within_s=15)
    (sent,) = {
        d.payload.decode()
        for d in node.witness.seen()
        if d.payload.startswith(b"INVITE ") and str(call_id).encode() in d.payload
    }
    found = []
    for number, name in told:
        assert number in sent
        assert name in sent
        for clue in (("--number", number), ("--name", name)):
            (row,) = rows(*clue)
            assert row["call_id"] == call_id
            assert name in row["parties"]
            found.append(row)
    assert rows("--name", "nobody of these") == []
    return found


@pytest.mark.parametrize(
    ("status", "sdp", "reason"),
    [(NOT_ACCEPTABLE, VIDEO, "media not acceptable"), (UNAVAILABLE, description(), "full")],
)
def test_a_recording_session_that_is_refused_is_found_by_who_is_in_its_metadata_and_headers(
    full: Node, tmp_path: Path, status: str, sdp: str, reason: str
) -> None:
    """Nothing is kept of it but that row."""
    people = People.fresh()
    ours = sipp.Settings(
        scenario="caller_refused", host=KNOWN_PEER, status=status, keys=people.keys(sdp)
    )
    told = (people.customer, people.asserted, people.diverting)
    for row in refused(full, tmp_path, ours, "srs", told):
        assert (row["status"], row["reason"]) == (int(status[:3]), reason)


@pytest.mark.parametrize(
    ("status", "codec", "reason"),
    [
        (NOT_ACCEPTABLE, "g729", "media not acceptable"),
        (UNAVAILABLE, "pcmu", "full"),
        (NOT_FOUND, "pcmu", "no route"),
    ],
)
def test_an_inline_call_that_is_refused_is_found_by_who_is_in_its_headers(
    node: Node, full: Node, tmp_path: Path, status: str, codec: str, reason: str
) -> None:
    """Also where no route takes it, or its route wants it recorded or not at all."""
    people, at = People.fresh(), full if status == UNAVAILABLE else node
    call = at.route(NOBODY, record_failure="end")
    called = fresh_number() if status == NOT_FOUND else call.number
    typed = (("sdp_type", people.headers("Content-Type: application/sdp")),)
    ours = sipp.Settings(
        scenario="caller_refused", host=ALICE, status=status, codecs=(codec,), keys=typed
    )
    for row in refused(at, tmp_path, ours, called, (people.asserted, people.diverting)):
        assert (row["status"], row["reason"]) == (int(status[:3]), reason)
