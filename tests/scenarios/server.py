"""A whole Rokuon as a process of its own, in a folder of its own, and its command line.

Knows nothing of the calls that it is sent.
"""

import json
import os
import pty
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from itertools import chain
from pathlib import Path
from typing import Any, Final
from urllib.request import urlopen

from tests.scenarios.waiting import met
from tests.vendors.expected import EXPECTED, INTERNAL_DOMAINS, INTERNAL_NUMBERS

KNOWN_PEER: Final = "127.0.0.2"
STRANGER: Final = "127.0.0.3"
HOST: Final = "127.0.0.1"
MEDIA_TIMEOUT_S: Final = 3
# On a machine that has much else to do.
STARTED_WITHIN_S: Final = 150
_SIGNALLING_PORTS: Final = range(6000, 7000)
# Pairs for every call of a run; above and below the default range too, which a Rokuon at work may
# have: below the ports that the kernel gives away by itself, and below those of phones at every
# address (32 100).
_MEDIA_PORTS: Final = 600
_MEDIA_RANGES: Final = (
    range(26_000, 27_800, _MEDIA_PORTS),
    range(30_000, 31_800, _MEDIA_PORTS),
    range(1_200, 4_800, _MEDIA_PORTS),
)
_CONFIGURATION: Final = """\
[node]
data = "var"
clock = "{clock}"
[sip]
bind = "{bind}"
port = {sip}
tls_port = {tls}
certificate = "node.crt"
key = "node.key"
{signalling}[http]
port = {http}
[rtp]
bind = "{bind}"
first_port = {first}
last_port = {last}
quarantine_s = 1
[media]
workers = 1
media_timeout_s = {timeout}
[spool]
min_free_bytes = {room}
[limits]
max_calls = {max_calls}
[metrics]
port = {metrics}
api_port = {figures}
[[source]]
name = "pbx"
address = ["{peer}"]
zone = "UTC"
internal_domains = ["pbx.example"]
"""


# A source for each vendor of the corpus, told by its address.
_VENDOR: Final = """\
[[source]]
name = "{name}"
address = ["{address}/32"]
mode = "{mode}"
zone = "UTC"
internal_domains = {domains}
internal_numbers = {numbers}
"""


def vendor_address(name: str) -> str:
    """Where the client of a vendor of the corpus is."""
    return f"127.0.1.{sorted(EXPECTED).index(name) + 1}"


def _vendors() -> str:
    return "".join(
        _VENDOR.format(
            name=name,
            address=vendor_address(name),
            mode=expected.mode,
            domains=json.dumps(INTERNAL_DOMAINS),
            numbers=json.dumps(INTERNAL_NUMBERS),
        )
        for name, expected in EXPECTED.items()
    )


def free_port() -> int:
    """A port for signalling that nobody uses, neither over UDP nor over TCP."""
    for port in _from_somewhere(_SIGNALLING_PORTS):
        if all(_is_free(port, kind) for kind in (socket.SOCK_DGRAM, socket.SOCK_STREAM)):
            return port
    raise AssertionError("no port for signalling is free")


def free_ports(count: int) -> list[int]:
    """As many of them, no two the same."""
    with ExitStack() as stack:
        found: list[int] = []
        for _ in range(count):
            found.append(free_port())
            stack.enter_context(socket.socket()).bind(("", found[-1]))
    return found


def make_certificate(folder: Path) -> None:
    """A certificate that signs itself, and its key."""
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
    command += ["-nodes", "-days", "2", "-subj", "/CN=rokuon.example"]
    command += ["-keyout", str(folder / "node.key"), "-out", str(folder / "node.crt")]
    subprocess.run(command, check=True, capture_output=True)


def free_media(bind: str = "::") -> range:
    """As many ports for media as a run needs, none of them in use at this address."""
    # What lies in a network namespace cannot be tried from here.
    address = f"::ffff:{bind}" if bind.startswith("127.") else "::"
    for first in _from_somewhere([*chain(*_MEDIA_RANGES)]):
        ports = range(first, first + _MEDIA_PORTS)
        if all(_is_free(port, socket.SOCK_DGRAM, address) for port in ports):
            return ports
    raise AssertionError("no ports for media are free")


def _from_somewhere(ports: Sequence[int]) -> list[int]:
    """All of them, from one on that depends on the process: two that begin at once do not meet."""
    first = os.getpid() * 7 % len(ports)
    return [*ports[first:], *ports[:first]]


def _is_free(port: int, kind: socket.SocketKind, address: str = "::") -> bool:
    with socket.socket(socket.AF_INET6, kind) as trial:
        # In both families at once.
        trial.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        try:
            trial.bind((address, port))
        except OSError:
            return False
    return True


@dataclass(frozen=True, slots=True)
class Server:
    """A Rokuon that runs."""

    folder: Path
    bind: str
    sip_port: int
    tls_port: int
    http_port: int
    metrics_port: int
    media: range
    process_id: int

    @property
    def configuration(self) -> Path:
        """Its file."""
        return self.folder / "rokuon.toml"

    def reload(self) -> None:
        """Tell it to read sources and certificates again."""
        os.kill(self.process_id, signal.SIGHUP)

    @property
    def certificate(self) -> Path:
        """Its own, which clients of the scenarios show too."""
        return self.folder / "node.crt"

    @property
    def key(self) -> Path:
        """The key of the certificate."""
        return self.folder / "node.key"

    @property
    def traffic(self) -> str:
        """A capture filter for its signalling and for the media that it is sent."""
        media = f"udp dst portrange {self.media[0]}-{self.media[-1]}"
        return f"port {self.sip_port} or {media}"

    def command(self, *arguments: str, expected: int | None = 0) -> str:
        """What `rokuon` writes; its exit code is as expected, or any where None is."""
        return self._done(arguments, expected).stdout

    def beside(self, *arguments: str) -> str:
        """What it says beside its answer."""
        return self._done(arguments, 0).stderr

    def answered(self, says: str, *arguments: str, expected: int = 0) -> str:
        """What it writes before somebody at a terminal who says this."""
        ours, theirs = pty.openpty()
        with open(ours, "w") as keys, open(theirs) as terminal:  # noqa: PTH123  # no path
            keys.write(says + "\n")
            keys.flush()
            done = subprocess.run(
                [*_rokuon(self.folder), *arguments],
                stdin=terminal, capture_output=True, text=True, check=False,
            )  # fmt: skip
        assert done.returncode == expected, f"{arguments}: {done.stdout}{done.stderr}"
        return done.stdout

    def _done(
        self, arguments: Sequence[str], expected: int | None
    ) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [*_rokuon(self.folder), *arguments], capture_output=True, text=True, check=False
        )
        assert expected in {None, done.returncode}, f"{arguments}: {done.stdout}{done.stderr}"
        return done

    def token(self) -> str:
        """A token for the API."""
        return self.command("user", "token", "scenarios").strip().splitlines()[-1]

    def rows(self, *arguments: str, expected: int | None = 0) -> list[dict[str, Any]]:
        """The same as values."""
        return list(json.loads(self.command(*arguments, "-o", "json", expected=expected)))

    def value(self, *arguments: str, expected: int | None = 0) -> Any:
        """The same as one value."""
        return json.loads(self.command(*arguments, "-o", "json", expected=expected))


def _rokuon(folder: Path) -> list[str]:
    return [sys.executable, "-m", "rokuon", "--config", str(folder / "rokuon.toml")]


@contextmanager
def running(  # noqa: PLR0913  # all but one have a default and are named
    folder: Path,
    *,
    bind: str = HOST,
    peer: str = f"{KNOWN_PEER}/32",
    within: Sequence[str] = (),
    timeout_s: int = MEDIA_TIMEOUT_S,
    max_calls: int = 4_500,
    min_free_bytes: int = 0,
    signalling: str = "",
    clock: str = "host",
    more: str = "",
) -> Iterator[Server]:
    """Serve while the block lasts. It must end by itself when told to, and well.

    `within` is a command line that runs another one in a network namespace; `signalling` are
    further lines of `[sip]`, `clock` says whose word for it counts, `more` are further tables of
    the configuration.
    """
    (sip, tls, http, metrics, figures), media = free_ports(5), free_media(bind)
    make_certificate(folder)
    text = _CONFIGURATION.format(
        sip=sip,
        tls=tls,
        http=http,
        metrics=metrics,
        figures=figures,
        first=media[0],
        last=media[-1] - 1,
        timeout=timeout_s,
        max_calls=max_calls,
        room=min_free_bytes,
        peer=peer,
        bind=bind,
        signalling=signalling,
        clock=clock,
    )
    (folder / "rokuon.toml").write_text(text + _vendors() + more)
    log = folder / "rokuon.log"
    with log.open("wb") as output:
        command = [*within, *_rokuon(folder), "serve", "--one-person"]
        process = subprocess.Popen(command, stdout=output, stderr=output, env=dict(os.environ))
        try:
            answers = partial(_answers, http, process, log, within)
            met(answers, "the server", within_s=STARTED_WITHIN_S)
            yield Server(folder, bind, sip, tls, http, metrics, media, process.pid)
        finally:
            process.send_signal(signal.SIGTERM)
            code = process.wait(30)
    assert code == 0, log.read_text()


def _answers(port: int, process: subprocess.Popen[bytes], log: Path, within: Sequence[str]) -> bool:
    """Everything is up once the API is: it is started last."""
    assert process.poll() is None, log.read_text()
    address = f"http://{HOST}:{port}/api/v1/health"
    if within:
        ask = f"from urllib.request import urlopen; urlopen('{address}')"
        command = [*within, sys.executable, "-c", ask]
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    try:
        return bool(urlopen(address).status == HTTPStatus.OK)
    except OSError:
        return False
