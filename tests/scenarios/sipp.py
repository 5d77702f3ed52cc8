"""SIPp as the recording client: one call by a scenario file, which waits where a test says so.

Knows nothing of the recorder but its address.
"""

import secrets
import socket
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from tests.scenarios.bodies import EMPTY, Content
from tests.scenarios.server import HOST, KNOWN_PEER, Server, free_port

Transport = Literal["udp", "tcp"]
SCENARIOS: Final = Path(__file__).parent / "sipp"
# The longest scene is an ACK that never comes: 32 s (RFC 3261 section 13.3.1.4).
LONGEST_S: Final = 60
# Who has cancelled goes on whatever comes; who has lost an ACK takes the same 200 again.
_OPTIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "cancel": ("-default_behaviors", "all,-abortunexp"),
    "cancel_and_gone": ("-default_behaviors", "all,-abortunexp"),
    "lost_ack": ("-nr",),
}
_MODES: Final = {"udp": "u1", "tcp": "t1"}


@dataclass(frozen=True, slots=True)
class Client:
    """A SIPp that is at its one call."""

    call_id: str
    host: str
    port: int
    transport: Transport
    process: subprocess.Popen[bytes]
    errors: Path

    def go_on(self) -> None:
        """Tell the scenario to go on: it waits for a MESSAGE in its call, each time another one."""
        branch = f"z9hG4bK{secrets.token_hex(6)}"
        text = (
            f"MESSAGE sip:src@{self.host} SIP/2.0\r\n"
            f"Via: SIP/2.0/{self.transport.upper()} {HOST}:9;branch={branch}\r\n"
            f"From: <sip:test@{HOST}>;tag=test\r\nTo: <sip:src@{self.host}>\r\n"
            f"Call-ID: {self.call_id}\r\nCSeq: 1 MESSAGE\r\nContent-Length: 0\r\n\r\n"
        )
        kind = socket.SOCK_DGRAM if self.transport == "udp" else socket.SOCK_STREAM
        with socket.socket(socket.AF_INET, kind) as ours:
            ours.connect((self.host, self.port))
            ours.sendall(text.encode())

    def finish(self) -> None:
        """Wait for its end; the scenario must have gone as written."""
        code = self.process.wait(LONGEST_S)
        errors = self.errors.read_text("utf-8", "replace") if self.errors.exists() else ""
        assert code == 0, f"SIPp: {code}\n{errors}"


@contextmanager
def client(
    server: Server,
    scenario: str,
    *,
    invite: Content = EMPTY,
    later: Mapping[str, Content] | None = None,
    transport: Transport = "udp",
    host: str = KNOWN_PEER,
) -> Iterator[Client]:
    """A call by `sipp/<scenario>.xml`, or by the file of that path without its suffix.

    `invite` is the INVITE's body, `later` others by key.
    """
    port = free_port()
    call_id = f"{Path(scenario).name}-{secrets.token_hex(8)}"
    errors = server.folder / f"{call_id}.log"
    errors.touch()
    command = ["sipp", f"{HOST}:{server.sip_port}", "-sf", str(SCENARIOS / f"{scenario}.xml")]
    command += ["-m", "1", "-i", host, "-p", str(port), "-t", _MODES[transport]]
    command += ["-cid_str", call_id, "-nostdin", "-aa", "-timeout", str(LONGEST_S)]
    command += [
        "-timeout_error",
        "-trace_err",
        "-error_file",
        str(errors),
        *_OPTIONS.get(scenario, ()),
    ]
    for key, content in {"invite": invite, **(later or {})}.items():
        command += ["-key", f"{key}_type", content.header, "-key", f"{key}_body", content.body]
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield Client(call_id, host, port, transport, process, errors)
    finally:
        process.kill()
        process.wait()
