"""What tests of questions share."""

import http.client
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

from bench.questions import Client

TWO: dict[str, Any] = {"calls": [1, 2]}


@contextmanager
def api(status: int, asked: list[str], answer: dict[str, Any] = TWO) -> Iterator[Client]:
    """An API that finds two calls whatever it is asked, unless it has another answer."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            asked.append(f"{self.client_address[1]} {self.path}")
            body = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.do_GET()

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        connection = http.client.HTTPConnection("127.0.0.1", server.server_port)
        yield Client(connection, "token")
        connection.close()
        server.shutdown()
        thread.join()
