"""SIPp as either side of a call that must go as written: `sipp/inline/caller*.xml`, `callee*.xml`.

A scenario waits where it says so, until the test tells it to go on. Knows nothing of who is between
a caller and a callee.
"""

import re
import secrets
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from tests.scenarios.phones.ports import media, signalling
from tests.scenarios.server import HOST
from tests.scenarios.waiting import met, until

SCENARIOS: Final = Path(__file__).parents[1] / "sipp/inline"
# A scene of several calls on a busy machine.
_LONGEST_S: Final = 180
_MODES: Final = {"udp": "u1", "tcp": "t1"}
# A scenario that says what comes after something unexpected must go on by itself.
_OPTIONS: Final[Mapping[str, Sequence[str]]] = {"caller_lost_ack": ("-nr",)}
# For a network namespace, in which a process must be begun.
_SEND: Final = """
import socket, sys
host, port, transport = sys.argv[1:]
kind = socket.SOCK_DGRAM if transport == "udp" else socket.SOCK_STREAM
with socket.socket(socket.AF_INET, kind) as ours:
    ours.connect((host, int(port)))
    ours.sendall(sys.stdin.buffer.read())
"""
_DESCRIPTION: Final = (
    "v=0", "o=sipp 1 {version} IN IP4 {host}", "s=-", "c=IN IP4 {host}", "t=0 0",
    "m=audio {port} RTP/AVP {types} 101", "{maps}a=rtpmap:101 telephone-event/8000",
    "a=fmtp:101 0-15", "a=ptime:20", "a=sendrecv",
)  # fmt: skip
_CODECS: Final = {
    "pcmu": (0, "PCMU/8000"),
    "pcma": (8, "PCMA/8000"),
    "g729": (18, "G729/8000"),
    "amr-wb": (97, "AMR-WB/16000"),
    "opus": (98, "opus/48000/2"),
}


def why_not() -> str:
    """Why it cannot run here; "" where it can."""
    return "" if shutil.which("sipp") else "Debian's sip-tester is not there"


def description(
    host: str, port: int, codecs: Sequence[str] = ("pcmu", "pcma"), version: int = 1
) -> str:
    """An SDP with one voice, whose media go to this address."""
    known = [_CODECS[codec] for codec in codecs]
    types = " ".join(str(number) for number, _ in known)
    maps = "".join(f"a=rtpmap:{number} {name}\r\n" for number, name in known)
    text = "".join(f"{line}\r\n" for line in _DESCRIPTION)
    return text.format(host=host, port=port, types=types, maps=maps, version=version)


def echo_port(host: str) -> int:
    """A port for a SIPp that echoes; it wants the two pairs after it as well."""
    return media(host)[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Which scenario, where, and what stands in its messages.

    `media` is where its SDP says that it hears; with `echoes` SIPp itself hears there, and says
    the same. `status` is that of `callee_refuses` and `caller_refused`; `keys` are further words of
    a scenario: `header` of `callee_refuses`, `refer_to` of `callee_refers`. `within` is a command
    line that runs another one in a network namespace; its `port` is to be told.
    """

    scenario: str
    host: str = HOST
    port: int = 0
    media: int = 9
    echoes: bool = False
    codecs: tuple[str, ...] = ("pcmu", "pcma")
    transport: Literal["udp", "tcp"] = "udp"
    keys: tuple[tuple[str, str], ...] = ()
    user: str = "alice"
    password: str = "secret"  # noqa: S105  # of a test
    status: str = "486 Busy Here"
    calls: int = 1
    within: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Player:
    """A SIPp that plays its part."""

    process: subprocess.Popen[bytes]
    settings: Settings
    port: int
    messages: Path
    errors: Path

    @property
    def uri(self) -> str:
        """Where it is called."""
        transport = "" if self.settings.transport == "udp" else ";transport=tcp"
        return f"sip:callee@{self.settings.host}:{self.port}{transport}"

    @property
    def target(self) -> str:
        """Its host and port."""
        return f"{self.settings.host}:{self.port}"

    @property
    def node(self) -> str:
        """Its URI without a user."""
        return f"sip:{self.target}"

    def go_on(self) -> None:
        """Tell the scenario to go on: it waits for a MESSAGE in its call, each time another one.

        The message is sent once the call is there.
        """
        self._tell(until(self.call_id, f"a call of {self.settings.scenario}"))

    def go_on_all(self) -> None:
        """The same to each of its calls."""
        for call_id in self.call_ids():
            self._tell(call_id)

    def _tell(self, call_id: str) -> None:
        host, transport = self.settings.host, self.settings.transport
        text = (
            f"MESSAGE sip:sipp@{host} SIP/2.0\r\n"
            f"Via: SIP/2.0/{transport.upper()} {HOST}:9;branch=z9hG4bK{secrets.token_hex(6)}\r\n"
            f"From: <sip:test@{HOST}>;tag=test\r\nTo: <sip:sipp@{host}>\r\n"
            f"Call-ID: {call_id}\r\nCSeq: 1 MESSAGE\r\nContent-Length: 0\r\n\r\n"
        )
        if self.settings.within:
            command = [*self.settings.within, sys.executable, "-c", _SEND]
            subprocess.run(
                [*command, host, str(self.port), transport], input=text.encode(), check=True
            )
            return
        kind = socket.SOCK_DGRAM if transport == "udp" else socket.SOCK_STREAM
        with socket.socket(socket.AF_INET, kind) as ours:
            ours.connect((host, self.port))
            ours.sendall(text.encode())

    def call_id(self) -> str | None:
        """The Call-ID of its call, once there is one."""
        return next(iter(self.call_ids()), None)

    def call_ids(self, method: str = "INVITE") -> list[str]:
        """Those in whose calls a request of this method was seen, in order."""
        pattern = rf"^{method} .*?^Call-ID: *(\S+)"
        return list(dict.fromkeys(re.findall(pattern, self.seen(), re.M | re.I | re.S)))

    def seen(self) -> str:
        """Every message that it has sent and received so far."""
        return self.messages.read_text("utf-8", "replace") if self.messages.exists() else ""

    def saw(self, pattern: str, *, within_s: float = 10.0) -> re.Match[str]:
        """Wait for a message in which a pattern is found."""
        return until(
            lambda: re.search(pattern, self.seen(), re.MULTILINE), pattern, within_s=within_s
        )

    def finish(self) -> None:
        """Wait for its end; the scenario must have gone as written."""
        code = self.process.wait(_LONGEST_S)
        errors = self.errors.read_text("utf-8", "replace") if self.errors.exists() else ""
        assert code == 0, f"SIPp {self.settings.scenario}: {code}\n{errors}\n{self.seen()[-3000:]}"


@contextmanager
def callee(folder: Path, settings: Settings) -> Iterator[Player]:
    """Wait to be called, by `callee*.xml`; ended by force if the block leaves it."""
    with _playing(folder, settings, []) as player:
        met(lambda: _listens(player), f"SIPp {settings.scenario}")
        yield player


@contextmanager
def caller(
    folder: Path, settings: Settings, target: str, *, called: str = "callee"
) -> Iterator[Player]:
    """Call `called` at `target` (host and port), by `caller*.xml`; ended by force likewise."""
    words = [target, "-key", "caller", "caller", "-key", "called", called]
    with _playing(folder, settings, words) as player:
        yield player


@contextmanager
def _playing(folder: Path, settings: Settings, more: Sequence[str]) -> Iterator[Player]:
    name = f"{settings.scenario}-{secrets.token_hex(4)}"
    own, port = folder / name, settings.port or signalling(settings.host)[0]
    own.mkdir(parents=True)
    messages, errors = own / "messages.log", own / "errors.log"
    process = subprocess.Popen(
        [*settings.within, *_command(settings, own, port), *more],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield Player(process, settings, port, messages, errors)
    finally:
        process.kill()
        process.wait()


def _command(settings: Settings, own: Path, port: int) -> list[str]:
    text = (SCENARIOS / f"{settings.scenario}.xml").read_text("utf-8")
    # SIPp takes no variable for a status.
    text = text.replace("699 of the test", settings.status)
    (own / "scenario.xml").write_text(text.replace('"699"', f'"{settings.status[:3]}"'))
    sdp = description(settings.host, settings.media, settings.codecs)
    keys = {"sdp_type": "Content-Type: application/sdp", "sdp_body": sdp, "header": "X-None: 1"}
    # What a scenario offers later is news: without its last codec, then with it again.
    for word, version, codecs in (
        ("later", 2, settings.codecs[:1]), ("again", 3, settings.codecs),
    ):  # fmt: skip
        keys[f"{word}_body"] = description(settings.host, settings.media, codecs, version)
    keys |= settings.keys
    keys |= {"user": settings.user, "password": settings.password}
    command = ["sipp", "-sf", str(own / "scenario.xml"), "-m", str(settings.calls)]
    command += ["-i", settings.host, "-p", str(port), "-t", _MODES[settings.transport]]
    command += ["-au", settings.user, "-ap", settings.password]
    command += ["-l", str(settings.calls)]
    command += ["-nostdin", "-aa", "-timeout", str(_LONGEST_S), "-timeout_error"]
    command += ["-trace_msg", "-message_file", str(own / "messages.log")]
    command += ["-trace_err", "-error_file", str(own / "errors.log")]
    command += _OPTIONS.get(settings.scenario, ())
    if settings.echoes:
        command += ["-rtp_echo", "-mi", settings.host, "-mp", str(settings.media)]
    for key, value in keys.items():
        command += ["-key", key, value]
    return command


def _listens(player: Player) -> bool:
    """Whether its socket is there: the kernel says so, nobody has to be called."""
    assert player.process.poll() is None, player.errors.read_text()
    table = Path(f"/proc/{player.process.pid}/net/{player.settings.transport}").read_text()
    address = socket.inet_aton(player.settings.host)[::-1].hex().upper()
    return f"{address}:{player.port:04X}" in table
