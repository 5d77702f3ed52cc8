"""A flood of one source beside the calls of another, as it is told."""

from bench.call_load import SetupReport
from bench.flood import Flood, FloodFigures, invite
from rokuon.selftest.messages import parse
from rokuon.selftest.signalling import Target


def figures(p99_ms: float = 40.0, lost: int = 0, again_s: float = 3.0) -> FloodFigures:
    setup = SetupReport(
        tried=150, answered=150, failures={}, seconds=30.0, p50_ms=5.0, p99_ms=p99_ms, worst_ms=90.0
    )
    return FloodFigures(
        command=[], machine={}, door="inline", sent=7_200, statuses={200: 640, 503: 6_560},
        before_p99_ms=30.0, setup=setup, lost=lost, again_s=again_s,
    )  # fmt: skip


def test_each_promise_that_is_missed_is_named() -> None:
    """Exit code 3 says that one is."""
    assert figures().missed == []
    assert figures(p99_ms=101.0).missed == ["p99 of 101 ms"]
    assert figures(lost=2).missed == ["2 packets lost"]
    assert figures(again_s=6.0).missed == ["the flooder called again after 6.0 s"]
    assert "| inline | 7,200 | 640 | 6560 | 150 | 0 |" in figures().told()


def test_the_flood_is_calls_of_their_own() -> None:
    """At the recording door and at the inline one; the first final answer of each counts."""
    flood = Flood(Target(port=5060), "inline")
    for line in (b"100 Trying", b"503 Service Unavailable", b"200 OK"):
        answer = b"SIP/2.0 " + line + b"\r\nCall-ID: flood-7@bench\r\n\r\n"
        flood.datagram_received(answer, None)

    assert flood.first == {7: 503}
    assert b"Require: siprec" in invite(7, 5060, "recording")
    assert b"Require: siprec" not in invite(7, 5060, "inline")
    assert parse(invite(7, 5060, "inline")).call_id == b"flood-7@bench"
