"""A phone of PJSIP (pjsua2): calls, answers, holds, transfers, dials, registers, over TLS and SRTP.

The library (GPL) runs in a process and a virtual environment of its own. Knows nothing of who it
calls but the URI.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, Literal

from tests.scenarios.phones import program
from tests.scenarios.phones.ports import media, signalling
from tests.scenarios.phones.program import Program
from tests.scenarios.server import HOST

# As the wheel was built.
MOST_CALLS: Final = 4
Asked = Literal["no", "optional", "mandatory"]


def why_not() -> str:
    """Why it cannot run here; "" where it can."""
    return program.why_not("pjsua2")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What kind of phone. `says` is a WAV file, said in each call over and over.

    With `locks` it asks again, for one codec, where it was answered several. `media_at` and
    `contact_at` are where its SDP and its Contact say that it is, whether it is or not. With
    `session_s` its calls are refreshed so often, by itself (RFC 4028).
    """

    user: str
    host: str = HOST
    transport: Literal["udp", "tcp", "tls"] = "udp"
    says: Path | None = None
    answers: bool = False
    codecs: tuple[str, ...] = ("pcmu", "pcma")
    srtp: Asked = "no"
    prack: Asked = "optional"
    locks: bool = False
    media_at: str = ""
    contact_at: str = ""
    session_s: int = 0
    registrar: str = ""
    proxy: str = ""
    password: str = ""
    certificate: Path | None = None
    key: Path | None = None
    trusts: Path | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """One side of a call, as this phone sees it."""

    phone: "Phone"
    number: int

    def answer(self, code: int = 200, headers: Mapping[str, str] | None = None) -> None:
        """Answer with any status: 180, 183 with early media, 200, 486…"""
        self._tell("answer", code=code, headers=dict(headers or {}))

    def hang_up(self) -> None:
        """BYE, CANCEL or 603, whichever is due."""
        self._tell("hang_up")

    def talks(self) -> dict[str, Any]:
        """Wait until it is answered and media flow both ways; says which."""
        self.reached("confirmed")
        return self.media("active")

    def reached(self, state: str, **fields: Any) -> dict[str, Any]:
        """Wait for a state: calling, incoming, early, connecting, confirmed, disconnected."""
        told = self.phone.program.told
        return told.now({"event": "state", "call": self.number}, state=state, **fields)

    def media(self, status: str) -> dict[str, Any]:
        """Wait for media that are active, held by us, or held by them."""
        told = self.phone.program.told
        return told.now({"event": "media", "call": self.number}, status=status)

    def ended(self, code: int | None = None, *, within_s: float = 10.0) -> Path | None:
        """Wait for the end, with a status where it matters; what was heard, if anything was."""
        told = self.phone.program.told
        last = told.first(event="state", call=self.number, state="disconnected", within_s=within_s)
        assert code in {None, last["code"]}, last
        told.first(event="over", call=self.number)
        return self.heard if self.heard.exists() else None

    def hold(self) -> None:
        """Re-INVITE with sendonly."""
        self._tell("hold")
        self.media("held by us")

    def unhold(self) -> None:
        """Re-INVITE with sendrecv."""
        self._tell("unhold")
        self.media("active")

    def transfer(self, uri: str) -> None:
        """REFER the other side to somebody: blind."""
        self._tell("transfer", to=uri)

    def join(self, other: "Call") -> None:
        """REFER the other side to the other side of another call, with Replaces: attended."""
        self._tell("join", other=other.number)

    def transferred(self, code: int = 200) -> None:
        """Wait until the other side has said (NOTIFY) how the transfer ended."""
        told = self.phone.program.told
        told.first(event="transfer", call=self.number, code=code, final=True)

    def successor(self, event: Literal["transfer asked", "replaced"]) -> "Call":
        """The call that takes this one's place."""
        told = self.phone.program.told.first(event=event, call=self.number)
        return Call(self.phone, told["new"])

    def dial(self, digits: str) -> None:
        """Keys, as telephone events (RFC 4733)."""
        self._tell("dial", digits=digits)

    def inform(self, digits: str) -> None:
        """Keys, each in an INFO (application/dtmf-relay)."""
        self._tell("inform", digits=digits)

    def dialled(self, digits: str) -> None:
        """Wait until the other side has pressed these keys, and no others."""
        told = self.phone.program.told
        told.nth(len(digits) - 1, event="dtmf", call=self.number)
        assert self.keys() == digits

    def keys(self) -> str:
        """What the other side has dialled so far."""
        events = self.phone.program.told.all(event="dtmf", call=self.number)
        return "".join(event["digit"] for event in events)

    def update(self) -> None:
        """UPDATE with an offer."""
        self._tell("update")

    def packets(self) -> dict[str, int]:
        """How many were sent, received and lost."""
        return dict(self.phone.program.tell("packets", call=self.number))

    @property
    def heard(self) -> Path:
        """The WAV file of what it has heard; whole once the call has ended."""
        return self.phone.folder / f"heard-{self.number}.wav"

    def _tell(self, do: str, **what: Any) -> None:
        self.phone.program.tell(do, call=self.number, **what)


@dataclass(frozen=True, slots=True)
class Phone:
    """One that runs."""

    program: Program
    folder: Path
    port: int
    uri: str

    def call(self, uri: str, headers: Mapping[str, str] | None = None) -> Call:
        """Call somebody, with further header fields in the INVITE."""
        return Call(self, self.program.tell("call", uri=uri, headers=dict(headers or {})))

    def rung(self, number: int = 0) -> Call:
        """The call that came in after so many others, as soon as it is there."""
        return Call(self, self.program.told.nth(number, event="incoming")["call"])

    def registered(self, code: int = 200) -> None:
        """Wait for the registrar's answer."""
        self.program.told.now({"event": "registration"}, code=code)


@contextmanager
def phone(folder: Path, settings: Settings) -> Iterator[Phone]:
    """A phone while the block lasts; its files are in `folder/user`."""
    port, own = signalling(settings.host)[0], folder / settings.user
    scheme = f";transport={settings.transport}" if settings.transport != "udp" else ""
    contact = f"sip:{settings.user}@{settings.contact_at or settings.host}:{port}{scheme}"
    identity = f"sip:{settings.user}@{_domain(settings.registrar)}"
    asked = {name: _plain(value) for name, value in asdict(settings).items()}
    ports = media(settings.host)
    asked |= {"port": port, "folder": str(own), "media": [ports[0], ports[-1]]}
    asked |= {"uri": identity if settings.registrar else contact, "contact": f"<{contact}>"}
    with program.running("pjsua_orders", own, asked) as started:
        yield Phone(started, own, port, asked["uri"])


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Path) else value if value is not None else ""


def _domain(uri: str) -> str:
    return uri.removeprefix("sip:").partition(";")[0]
