"""The command line's way to the API."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import ThreadingUnixStreamServer
from typing import Any

import pytest

from rokuon.machine.api_client import ApiAway, ApiRefused, Client, part, pieces


class Answering(BaseHTTPRequestHandler):
    """Says what it was asked, or no."""

    def _said(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        refused = self.path.endswith("/refused")
        if self.server.busy:  # type: ignore[attr-defined]  # ours
            self.server.busy -= 1  # type: ignore[attr-defined]  # ours
            self._busy()
            return
        fault = b'{"pointer":"/a","detail":"line 2"}'
        problem = b'{"code":"request_invalid","detail":"no","errors":[%s]}' % fault
        answer = problem if refused else b'{"path":"%s","body":"%s"}' % (
            self.path.encode(), body.hex().encode(),
        )  # fmt: skip
        self.send_response(422 if refused else 200)
        if refused:
            self.send_header("Retry-After", "3")
        self.send_header(
            "Content-Length", str(len(answer) + (9 if self.path.endswith("cut") else 0))
        )
        self.end_headers()
        self.wfile.write(answer)

    def _busy(self) -> None:
        self.send_response(429)
        self.send_header("Retry-After", "7")
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    do_GET = do_POST = do_PUT = do_DELETE = _said  # noqa: N815  # as http.server wants them

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


class Serving(ThreadingUnixStreamServer):
    """Says of so many questions that it has been asked too often."""

    busy = 0


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Serving]:
    server = Serving(str(tmp_path / "api.sock"), Answering)
    server.get_request = lambda: (server.socket.accept()[0], ("", 0))  # type: ignore[method-assign]
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def client(server: Serving) -> Client:
    """One that asks it."""
    return Client(path=Path(str(server.server_address)))


def test_a_command_that_asks_too_often_waits_as_it_is_told(server: Serving) -> None:
    """A loop over many calls is slowed, not broken; without end it does not wait."""
    waited: list[float] = []
    client = Client(path=Path(str(server.server_address)), sleep=waited.append)
    server.busy = 2
    assert client.post("/x", {"a": 1})["path"] == "/api/v1/x"
    assert waited == [7, 7]

    server.busy = 100
    with pytest.raises(ApiRefused) as refused:
        client.get("/x")
    assert refused.value.status == 429


def test_questions_and_answers_are_json(client: Client) -> None:
    """Empty values of a query are not sent."""
    assert client.get("/x", a="1 2", b="")["path"] == "/api/v1/x?a=1+2"
    assert bytes.fromhex(client.post("/x", {"a": "é"})["body"]) == b'{"a": "\\u00e9"}'
    assert bytes.fromhex(client.put("/x", b"csv", "text/csv", zone="UTC")["body"]) == b"csv"
    assert client.delete("/x", reason="a b")["path"] == "/api/v1/x?reason=a+b"
    assert part("a/b@c") == "a%2Fb%40c"


def test_a_refusal_carries_what_the_problem_says(client: Client) -> None:
    """What is wrong, one by one."""
    with pytest.raises(ApiRefused) as refused:
        client.get("/refused")

    assert (refused.value.status, refused.value.code) == (422, "request_invalid")
    assert (refused.value.pointers, refused.value.faults) == (("/a",), ("line 2",))
    assert refused.value.retry_after == "3"


def test_an_answer_that_ends_too_early_is_no_answer(client: Client) -> None:
    """Half a file must not look like a whole one."""
    with client.download("GET", "/whole") as answer:
        assert b"".join(pieces(answer)).startswith(b"{")
    with client.download("GET", "/cut") as answer, pytest.raises(ConnectionError):
        list(pieces(answer))


def test_where_nobody_listens_that_is_said(tmp_path: Path) -> None:
    """With the socket's path."""
    with pytest.raises(ApiAway, match="nobody"):
        Client(path=tmp_path / "nobody.sock").get("/health")
