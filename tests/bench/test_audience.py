"""Tests of who listens and searches: what is asked, at what pace, and which waits count."""

import http.client
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from bench import audience
from bench.audience import KINDS, Door, Search, listen, search, searches
from bench.questions import Sample

# 12 s of two channels of 8 kHz, as the recorder renders them.
BYTES_PER_S = 32_000
WHOLE = 44 + 12 * BYTES_PER_S
HEADER = bytes(28) + BYTES_PER_S.to_bytes(4, "little") + bytes(12)
UNTIL = datetime(2026, 11, 25, 3, tzinfo=UTC)
DAY = Search(UNTIL, timedelta(days=1), [])


@contextmanager
def api(asked: list[str], status: int = 206, kept_for: int = 100) -> Iterator[Door]:
    """An API with one sound, which finds nothing; a connection is kept for so many answers."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            asked.append(f"{self.path} {self.headers['Range']}")
            found = re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers["Range"])
            assert found is not None
            first, until = int(found[1]), int(found[2]) + 1
            self._answer((HEADER + bytes(until))[first:until], status)

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            asked.append(self.path)
            self._answer(b'{"calls": []}', 200 if status == 206 else status)

        def _answer(self, body: bytes, code: int) -> None:
            self.send_response(code)
            self.send_header("Content-Range", f"bytes x/{WHOLE}")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
            self.close_connection = len(asked) % kept_for == 0

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

    with Server(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield Door(server.server_port, "token")
        server.shutdown()
        thread.join()


def test_a_player_asks_for_piece_after_piece_and_then_for_the_next_recording() -> None:
    """As long as its pieces are, by what the file says of itself; the last one is shorter."""
    asked: list[str] = []
    with api(asked) as door:
        player = audience._Player(door, ["one", "two"], 1)
        for _ in range(4):
            player.ask()
        player.close()

    first = [line for line in asked if "/recordings/one/" in line]
    assert first == [
        f"/api/v1/recordings/one/audio bytes={span}"
        for span in ("0-43", "0-159999", "160000-319999", f"320000-{WHOLE - 1}")
    ]
    assert asked[4:] == [
        "/api/v1/recordings/two/audio bytes=0-43",
        "/api/v1/recordings/two/audio bytes=0-159999",
    ]


def test_a_player_whose_connection_was_closed_while_idle_opens_another() -> None:
    """The server keeps an idle one for as long as a piece is heard, and nobody is told."""
    asked: list[str] = []
    with api(asked, kept_for=1) as door:
        player = audience._Player(door, ["one"], 0)
        player.ask()
        player.close()

    assert len(asked) == 2


def test_listeners_ask_at_the_pace_at_which_they_listen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two of them for two pieces' time ask for two pieces each, however fast the answers are."""
    monkeypatch.setattr(audience, "PIECE_S", 0.2)
    with api([]) as door:
        heard = listen(door, ["one"], 2, 0.4)

    assert (heard.asked, heard.failed) == (4, 0)
    assert heard.worst_ms > 0


def test_a_piece_that_does_not_come_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refused, or nobody there: no wait, a failure."""
    monkeypatch.setattr(audience, "PIECE_S", 0.2)
    with api([], status=503) as door:
        refused = listen(door, ["one"], 1, 0.2)
    unreachable = listen(door, ["one"], 1, 0.2)

    assert (refused.asked, refused.failed, refused.p99_ms) == (1, 1, 0.0)
    assert (unreachable.asked, unreachable.failed) == (1, 1)


def test_searches_are_asked_in_turn_so_many_a_second() -> None:
    """Twenty a second for half a second are ten, all over the HTTP interface."""
    asked: list[str] = []
    with api(asked) as door:
        searched = search(door, (DAY, DAY), 20.0, 0.5)

    assert (searched.asked, searched.failed, searched.late) == (10, 0, 0)
    assert asked == ["/api/v1/calls/search"] * 10


def test_a_wait_counts_from_when_the_question_was_due() -> None:
    """An answer that holds up the next question makes that one late, too."""
    times = audience._Times(patience_ms=1_000.0)
    times.time(audience.time.monotonic() - 2.0, lambda: None)

    told = times.told()
    assert told.late == 1
    assert told.worst_ms >= 2_000.0


def test_what_is_not_the_answer_is_a_failure() -> None:
    """Only what is known to go wrong; a mistake of the bench is raised."""
    times = audience._Times(patience_ms=1.0)

    def hang_up() -> None:
        raise http.client.RemoteDisconnected

    times.time(0.0, hang_up)
    with pytest.raises(ZeroDivisionError):
        times.time(0.0, lambda: 1 // 0)

    assert times.told().failed == 1


def test_what_is_searched_are_a_day_an_agent_and_numbers() -> None:
    """The kinds of `bench.questions`, whose pages are promised as well."""
    sample = Sample(calls=[], recordings=[], agent="Tanaka", number="0312347788", last_us=0)

    clues = [each.clues for each in searches(sample, KINDS)]
    assert clues == [
        [],
        [{"kind": "number", "value": "7788"}],
        [{"kind": "number", "value": "0312347788"}],
        [{"kind": "agent", "value": "Tanaka"}],
    ]
