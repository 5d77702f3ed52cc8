"""Tests of how call end → searchable is asked and counted."""

import json
import threading
import urllib.error
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from api.web.calls.search_view import SearchView
from api.web.http.models import SearchBody
from bench import searchable
from bench.searchable import HEADS, ApiFinder, Crowd, Searchable, time_alone, time_in_crowd
from tests.rokuon.selftest.server import RecordingServer, listening

SINCE = datetime(2026, 11, 25, 3, tzinfo=UTC)


@contextmanager
def api(status: int, answer: dict[str, Any], asked: list[Any]) -> Iterator[int]:
    """An API that always says the same; its port."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            asked.append((self.path, self.headers["Authorization"], json.loads(body)))
            self.send_response(status)
            self.end_headers()
            self.wfile.write(json.dumps(answer).encode())

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


def test_the_question_is_one_that_the_api_takes() -> None:
    """By number and window, with the token; the answer's calls are what was found."""
    asked: list[Any] = []
    nothing = SearchView(
        zone="Asia/Tokyo", calls=[], next_cursor=None, destroyed=0,
        not_read_anew=0, unknown_direction=0, unrecorded=0, ranked=None,
    )  # fmt: skip
    answer = nothing.model_dump()
    with api(200, answer, asked) as port:
        assert not ApiFinder(port, "secret")("+81300001234", SINCE)
    with api(200, answer | {"calls": [{}]}, asked) as port:
        assert ApiFinder(port, "secret")("+81300001234", SINCE)

    path, token, body = asked[0]
    query = SearchBody.model_validate(body).query("JP")
    assert (path, token) == ("/api/v1/calls/search", "Bearer secret")
    assert query.window.start_at == SINCE
    assert len(query.clues) == 1


def test_an_api_that_is_busy_has_not_found_the_call() -> None:
    """503 under load is asked again; anything else is a mistake of ours and is raised."""
    with api(503, {}, []) as port:
        assert not ApiFinder(port, "secret")("+81300001234", SINCE)
    with api(401, {}, []) as port, pytest.raises(urllib.error.HTTPError):
        ApiFinder(port, "wrong")("+81300001234", SINCE)


async def test_the_delay_counts_from_the_end_of_the_call(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each call has a number of its own: an earlier one that is found is no proof."""
    monkeypatch.setattr(searchable, "CALL_S", 0.05)
    monkeypatch.setattr(searchable, "ASK_EVERY_S", 0.001)
    asked: list[str] = []

    def second_time(number: str, _since: datetime) -> bool:
        asked.append(number)
        return asked.count(number) >= 2

    async with listening(RecordingServer((9, 9))) as target:
        found = await time_alone(target, second_time, 2)

    assert len(asked) == 4
    assert len(set(asked)) == 2
    assert len(found.delays_s) == 2
    assert found.not_found == 0


async def test_calls_are_timed_while_a_crowd_ends_and_those_never_found_are_counted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Every call of the crowd is ended at its rate; the standing ones are left up."""
    monkeypatch.setattr(searchable, "CALL_S", 0.05)
    monkeypatch.setattr(searchable, "GIVE_UP_AFTER_S", 0.01)
    server = RecordingServer((9, 9))
    crowd = Crowd(standing=2, ending=4, per_s=50.0, held_s=0)
    async with listening(server) as target:
        found = await time_in_crowd(target, lambda _number, _since: False, crowd)

    timed = found.not_found
    assert found.answered == 6
    assert found.delays_s == []
    assert timed >= searchable.PROBES
    assert server.methods.count(b"BYE") == 4 + timed


def test_a_row_has_a_cell_for_each_head() -> None:
    """Alone there are no ends to speak of."""
    crowd = Crowd(standing=1_000, ending=1_020, per_s=17.0, held_s=240)
    row = Searchable(crowd=crowd, answered=2_020, delays_s=[1.0, 3.0], not_found=1).row()

    assert len(row) == len(HEADS)
    assert row[1] == "17"
    assert row[4:] == [3, 2.0, 3.0, 1]
