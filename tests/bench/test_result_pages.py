"""Tests of how the page that people see is asked for."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from bench.questions import QuestionFailed, Waited
from bench.result_pages import Reader, Shown, _signed_in, _typed


@contextmanager
def server(status: int, sent: list[tuple[str, str, str]]) -> Iterator[HTTPConnection]:
    """Pages that have a form, and a session for who sends it."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self, code: int, body: bytes, cookie: str) -> None:
            length = int(self.headers.get("Content-Length", 0))
            sent.append(
                (self.path, self.headers.get("Cookie", ""), self.rfile.read(length).decode())
            )
            self.send_response(code)
            self.send_header("Set-Cookie", f"{cookie}; HttpOnly; Path=/")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self) -> None:  # as http.server calls it
            self.answer(status, b'<input name="form_key" value="k1">', "rokuon-form=f")

        def do_POST(self) -> None:
            self.answer(303, b"", "rokuon=s")

        def log_message(self, *_: object) -> None:
            """Nothing is said."""

    with HTTPServer(("127.0.0.1", 0), Handler) as made:
        thread = threading.Thread(target=made.serve_forever, args=(0.01,))
        thread.start()
        connection = HTTPConnection("127.0.0.1", made.server_port)
        yield connection
        connection.close()
        made.shutdown()
        thread.join()


def test_a_code_begins_a_session_by_the_form_of_its_page() -> None:
    """As a browser does: the key of the form, and the cookie beside it."""
    sent: list[tuple[str, str, str]] = []
    with server(200, sent) as connection:
        cookie = _signed_in(connection, "c/1")

    assert cookie == "rokuon=s"
    assert sent[0][0] == "/welcome?code=c/1"
    assert sent[1] == ("/welcome", "rokuon-form=f", "form_key=k1&code=c%2F1&use=1")


def test_a_page_that_is_none_stops_the_bench() -> None:
    """A refusal is quick, and no figure."""
    with server(403, []) as connection, pytest.raises(QuestionFailed, match="403"):
        Reader(connection, "rokuon=s").see("/calls")


def test_what_the_page_takes_longer_is_told_of_the_slowest() -> None:
    """The median of a hundred hides who waits."""
    answered, shown = (Waited(name="x", times_ms=[*[1.0] * 50, ms]) for ms in (10.0, 75.0))
    one = Shown(name="a day", answered=answered, shown=shown)

    assert one.more_ms == 65.0
    assert one.row() == ["a day", 51, 1.0, 10.0, 1.0, 75.0, 65.0]


def test_an_end_of_a_window_is_typed_with_its_offset() -> None:
    """The server's zone is nobody's."""
    assert _typed(datetime(2026, 10, 29, 17, tzinfo=UTC)) == "2026-10-29T17:00:00+0000"
