"""A server of time stamps that nobody here wrote: `openssl ts` behind a small HTTP server."""

import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final

_SETTINGS: Final = """
[ts]
serial = {folder}/serial
signer_cert = {folder}/stamper.pem
signer_key = {folder}/stamper.key
signer_digest = sha256
{further}
default_policy = 1.2.3.4.1
digests = sha256
ess_cert_id_chain = no
ess_cert_id_alg = sha256
"""
_EXTENSIONS: Final = "extendedKeyUsage = critical, timeStamping\n"


def openssl(folder: Path, *words: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """Run it there; what it says stays with the answer."""
    return subprocess.run(
        ["openssl", *words], cwd=folder, input=given, capture_output=True, check=False
    )


@dataclass(frozen=True, slots=True)
class Stamper:
    """Who stamps: an authority and a key that it vouches for, in a folder of their own.

    `further`: a line of its settings. With `certs = authority.pem` its answers are no strict DER:
    `openssl ts` does not sort the set of certificates.
    """

    folder: Path
    further: str = ""

    @property
    def authority(self) -> Path:
        """The certificate by which others know it."""
        return self.folder / "authority.pem"

    def prepare(self) -> None:
        """Make keys and certificates."""
        self.folder.mkdir()
        key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
        own = "req -x509 -days 30 -subj /CN=root -keyout authority.key -out authority.pem"
        asked = (
            "req -subj /CN=who.stamps.for.the.tests.of.others -keyout stamper.key -out stamper.csr"
        )
        given = "x509 -req -days 30 -in stamper.csr -CA authority.pem -CAkey authority.key"
        (self.folder / "extensions").write_text(_EXTENSIONS)
        (self.folder / "serial").write_text("01\n")
        settings = _SETTINGS.format(folder=self.folder, further=self.further)
        (self.folder / "settings").write_text(settings)
        for words in (
            (*own.split(), *key),
            (*asked.split(), *key),
            (*given.split(), "-out", "stamper.pem", "-extfile", "extensions"),
        ):
            done = openssl(self.folder, *words)
            assert done.returncode == 0, done.stderr

    def answer(self, question: bytes) -> bytes:
        """What `openssl ts` answers."""
        (self.folder / "question.tsq").write_bytes(question)
        words = "ts -reply -config settings -section ts -queryfile question.tsq -out answer.tsr"
        done = openssl(self.folder, *words.split())
        assert done.returncode == 0, done.stderr
        return (self.folder / "answer.tsr").read_bytes()


@dataclass(slots=True)
class StampServer:
    """The stamper over HTTP; `status` other than 200 is answered without asking it."""

    stamper: Stamper
    port: int = 0
    status: int = 200
    asked: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}/stamp"


@contextmanager
def serving(stamper: Stamper) -> Iterator[StampServer]:
    """Serve as long as this lasts."""
    served = StampServer(stamper)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            served.asked.append(self.headers["Content-Type"])
            question = self.rfile.read(int(self.headers["Content-Length"]))
            answer = stamper.answer(question) if served.status == 200 else b"no"
            self.send_response(served.status)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            """Nobody reads it."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    served.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield served
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
