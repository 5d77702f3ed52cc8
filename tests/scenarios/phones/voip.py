"""A phone of pyVoIP: a plain call over UDP, which says, hears and is told keys.

The library runs in a process and a virtual environment of its own. It sends everything to one
server, whatever a Contact says. Knows nothing of who that is.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tests.scenarios.phones import program
from tests.scenarios.phones.ports import media, signalling
from tests.scenarios.phones.program import Program
from tests.scenarios.server import HOST


def why_not() -> str:
    """Why it cannot run here; "" where it can."""
    return program.why_not("pyVoIP")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What kind of phone. `says` is a WAV file, said so many times once the call is answered."""

    server_port: int
    server: str = HOST
    user: str = "voip"
    host: str = HOST
    password: str = ""
    registers: bool = False
    says: Path | None = None
    times: int = 60
    answers: bool = False


@dataclass(frozen=True, slots=True)
class Call:
    """One side of a call, as this phone sees it."""

    phone: "Phone"
    number: int

    def answer(self) -> None:
        """200; it knows no other answer but busy."""
        self.phone.program.tell("answer", call=self.number)

    def deny(self) -> None:
        """486."""
        self.phone.program.tell("deny", call=self.number)

    def hang_up(self) -> None:
        """BYE. Before the answer it can do nothing."""
        self.phone.program.tell("hang_up", call=self.number)

    def talks(self) -> None:
        """Wait until it is answered."""
        self._reached("answered")

    def ended(self) -> Path:
        """Wait for the end; what was heard."""
        self.phone.program.told.first(event="over", call=self.number)
        return self.heard

    def dialled(self, digits: str) -> None:
        """Wait until the other side has pressed these keys, and no others."""
        told = self.phone.program.told
        told.nth(len(digits) - 1, event="dtmf", call=self.number)
        keys = [event["digit"] for event in told.all(event="dtmf", call=self.number)]
        assert "".join(keys) == digits

    @property
    def heard(self) -> Path:
        """The WAV file of what it has heard; whole once the call has ended."""
        return self.phone.folder / f"heard-{self.number}.wav"

    def _reached(self, state: str) -> dict[str, Any]:
        told = self.phone.program.told
        return told.now({"event": "state", "call": self.number}, state=state)


@dataclass(frozen=True, slots=True)
class Phone:
    """One that runs."""

    program: Program
    folder: Path
    uri: str

    def call(self, number: str) -> Call:
        """Call a number at its server."""
        return Call(self, self.program.tell("call", number=number))

    def rung(self, number: int = 0) -> Call:
        """The call that came in after so many others, as soon as it is there."""
        return Call(self, self.program.told.nth(number, event="incoming")["call"])


@contextmanager
def phone(folder: Path, settings: Settings, port: int | None = None) -> Iterator[Phone]:
    """A phone while the block lasts; its files are in `folder/user`."""
    port, own = port or signalling(settings.host)[0], folder / settings.user
    ports = media(settings.host)
    asked: dict[str, Any] = {**asdict(settings), "says": str(settings.says or "")}
    asked |= {"port": port, "folder": str(own), "media": [ports[0], ports[-1]]}
    with program.running("voip_orders", own, asked) as started:
        yield Phone(started, own, f"sip:{settings.user}@{settings.host}:{port}")
