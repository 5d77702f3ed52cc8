"""A phone of baresip (Debian): calls, answers, early, over TLS and with SRTP on its side alone.

Its folder of configuration is made for it; it is driven over its own control socket. Knows nothing
of who it calls but the URI.
"""

import itertools
import json
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Final, Literal

import numpy as np
import soundfile

from tests.scenarios.phones.ports import media_anywhere, signalling
from tests.scenarios.phones.program import Refused
from tests.scenarios.phones.told import Told
from tests.scenarios.server import HOST
from tests.scenarios.waiting import met, until

# It hangs up where its file ends, so it says the same over and over, longer than a test lasts.
_TIMES: Final = 60
_GRACE_S: Final = 10
_CONFIGURATION: Final = """\
poll_method epoll
sip_listen {host}:{port}
call_max_calls 4
audio_source aufile,{says}
audio_player aufile,{heard}
audio_alert aufile,/dev/null
audio_path {folder}
ausrc_srate 8000
auplay_srate 8000
rtp_ports {first}-{last}
net_interface {host}
jitter_buffer_type off
module_path /usr/lib/baresip/modules
module g711.so
module aufile.so
module srtp.so
module_tmp account.so
module_app ctrl_tcp.so
module_app menu.so
ctrl_tcp_listen {host}:{control}
"""
_SRTP: Final = {"no": "", "optional": ";mediaenc=srtp", "mandatory": ";mediaenc=srtp-mand"}


def why_not() -> str:
    """Why it cannot run here; "" where it can."""
    return "" if shutil.which("baresip") else "Debian's baresip is not there"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What kind of phone. `says` is a WAV file, said in each call over and over.

    `early` sends 183 with an answer, and 200 when told to.
    """

    says: Path
    user: str = "bare"
    host: str = HOST
    transport: Literal["udp", "tcp", "tls"] = "udp"
    answers: Literal["manual", "early", "auto"] = "manual"
    srtp: Literal["no", "optional", "mandatory"] = "no"
    codecs: str = "pcmu,pcma"
    registrar: str = ""
    password: str = ""
    certificate: Path | None = None
    trusts: Path | None = None


@dataclass(frozen=True, slots=True)
class Phone:
    """One that runs; it is in one call at a time, and knows what it heard in the last one."""

    told: Told
    control: socket.socket
    uri: str
    heard: Path
    _orders: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def call(self, uri: str) -> None:
        """Call somebody, over the transport of its account, which it names by itself."""
        self._tell("dial", uri.partition(";")[0])

    def rung(self) -> dict[str, Any]:
        """Wait for a call."""
        return self.told.first(event=True, type="CALL_INCOMING")

    def answer(self) -> None:
        """200."""
        self._tell("accept")

    def talks(self) -> None:
        """Wait until the call is answered."""
        self.told.first(event=True, type="CALL_ESTABLISHED")

    def dial(self, digits: str) -> None:
        """Keys, as telephone events (RFC 4733)."""
        for digit in digits:
            self._tell("sndcode", digit)

    def dialled(self, digits: str) -> None:
        """Wait until the other side has pressed these keys, and no others."""
        begun = {"event": True, "type": "CALL_DTMF_START"}
        self.told.nth(len(digits) - 1, **begun)
        assert "".join(event["param"] for event in self.told.all(**begun)) == digits

    def hold(self) -> None:
        """Re-INVITE with sendonly. It dies where it is told to resume: that is not offered."""
        self._tell("hold")

    def hang_up(self) -> None:
        """BYE, CANCEL or 486, whichever is due."""
        self._tell("hangup")

    def ended(self) -> str:
        """Wait for the end of the call; why it ended."""
        return str(self.told.first(event=True, type="CALL_CLOSED")["param"])

    def registered(self) -> None:
        """Wait for the registrar's 200: asked for, it may be older than our connection."""
        met(lambda: "OK" in self._tell("reginfo"), "the registrar's 200")

    def _tell(self, command: str, params: str = "") -> str:
        token = str(next(self._orders))
        _send(self.control, {"command": command, "params": params, "token": token})
        done = self.told.first(response=True, token=token)
        if not done["ok"]:
            raise Refused(f"{command} {params}: {done['data']}")
        return str(done["data"])


@contextmanager
def phone(folder: Path, settings: Settings) -> Iterator[Phone]:
    """A phone while the block lasts; its files are in `folder/user`."""
    own = folder / settings.user
    own.mkdir(parents=True)
    # Over TLS it listens one port above the other.
    port, _, control, _ = signalling(settings.host)
    heard = own / "heard.wav"
    (own / "config").write_text(_configuration(settings, heard, port, control))
    uri = _uri(settings, port)
    (own / "accounts").write_text(_account(settings, uri))
    log = own / "baresip.log"
    with log.open("wb") as output:
        command = ["baresip", "-v", "-f", str(own)]
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output)
    try:
        with until(lambda: _connected(settings.host, control, process, log), "baresip") as ours:
            started = Phone(Told.by(_texts(ours), "baresip"), ours, uri, heard)
            yield started
    finally:
        process.terminate()
        process.wait(_GRACE_S)


def _configuration(settings: Settings, heard: Path, port: int, control: int) -> str:
    ports = media_anywhere()
    samples, rate = soundfile.read(settings.says, dtype="int16")
    soundfile.write(heard.with_name("says.wav"), np.tile(samples, _TIMES), rate)
    text = _CONFIGURATION.format(
        host=settings.host, port=port, control=control, folder=heard.parent, heard=heard,
        says=heard.with_name("says.wav"), first=ports[0], last=ports[-1],
    )  # fmt: skip
    if settings.certificate is not None:
        text += f"sip_certificate {settings.certificate}\n"
    if settings.trusts is not None:
        text += f"sip_cafile {settings.trusts}\nsip_verify_server yes\n"
    return text


def _uri(settings: Settings, port: int) -> str:
    """Where it is called."""
    if settings.transport == "tls":
        port += 1
    transport = "" if settings.transport == "udp" else f";transport={settings.transport}"
    return f"sip:{settings.user}@{settings.host}:{port}{transport}"


def _account(settings: Settings, uri: str) -> str:
    """Who it is: at its registrar where it has one."""
    address = settings.registrar.replace("sip:", f"sip:{settings.user}@") or uri
    words = [f"<{address}>;regint={60 if settings.registrar else 0}"]
    words += [f"answermode={settings.answers}", f"audio_codecs={settings.codecs}"]
    if settings.password:
        words += [f"auth_user={settings.user}", f"auth_pass={settings.password}"]
    return ";".join(words) + _SRTP[settings.srtp] + "\n"


def _connected(
    host: str, port: int, process: subprocess.Popen[bytes], log: Path
) -> socket.socket | None:
    assert process.poll() is None, log.read_text()
    try:
        return socket.create_connection((host, port))
    except ConnectionRefusedError:
        return None


def _send(ours: socket.socket, what: dict[str, str]) -> None:
    """As a netstring."""
    text = json.dumps(what).encode()
    ours.sendall(b"%d:%s," % (len(text), text))


def _texts(ours: socket.socket) -> Iterator[str]:
    """Netstrings, until the connection ends."""
    with ours.makefile("rb") as stream:
        while length := _length(stream):
            yield stream.read(length).decode()
            stream.read(1)


def _length(stream: IO[bytes]) -> int:
    """The number before the colon; 0 at the end."""
    digits = b"".join(iter(lambda: stream.read(1).rstrip(b":"), b""))
    return int(digits or b"0")
