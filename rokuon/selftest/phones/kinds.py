"""The phones that a self-test can call with, and which Python can run one.

Their libraries are GPL and lie where somebody put them: they run in a process of their own. Knows
nothing of calls.
"""

import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

# Loading a library of several megabytes on a busy machine.
_IMPORT_S: Final = 60.0


class Phone(StrEnum):
    PJSUA2 = "pjsua2"
    PYVOIP = "pyvoip"


@dataclass(frozen=True, slots=True)
class PhoneKind:
    """What it imports, what pip calls that, its program, and its word for a call that is up."""

    module: str
    package: str
    program: str
    up: str


KINDS: Final[Mapping[Phone, PhoneKind]] = {
    Phone.PJSUA2: PhoneKind("pjsua2", "pjsua2-python", "pjsua", "confirmed"),
    Phone.PYVOIP: PhoneKind("pyVoIP", "pyVoIP", "voip", "answered"),
}


class PhoneMissing(Exception):
    """No Python that was tried has the library."""

    def __init__(self, phone: Phone) -> None:
        super().__init__(phone.value)
        self.phone = phone


@dataclass(frozen=True, slots=True)
class Handset:
    """A phone, and the Python that has its library."""

    phone: Phone
    python: Path


def find_handset(phone: Phone, given: Path | None) -> Handset:
    """By the Python that runs this, or else by the one that was given. Raises `PhoneMissing`."""
    tried = [Path(sys.executable), *([given] if given else [])]
    for python in tried:
        if _has(python, KINDS[phone].module):
            return Handset(phone, python)
    raise PhoneMissing(phone)


def _has(python: Path, module: str) -> bool:
    """Whether it can import that; asked in a process, for nothing of ours may import it."""
    command = [str(python), "-c", f"import {module}"]
    try:
        done = subprocess.run(command, capture_output=True, check=False, timeout=_IMPORT_S)  # noqa: S603  # a Python of the administrator's
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Station:
    folder: Path
    says: Path
    host: str
    port: int
    media_port: int
    server: tuple[str, int]
    user: str


def settings_of(phone: Phone, station: Station) -> dict[str, Any]:
    """What its program is started with: G.711 µ-law in clear, no registration, no password."""
    shared: dict[str, Any] = {
        "user": station.user,
        "host": station.host,
        "port": station.port,
        "media": [station.media_port, station.media_port],
        "folder": str(station.folder),
        "says": str(station.says),
    }
    if phone is Phone.PYVOIP:
        server, port = station.server
        return shared | {"server": server, "server_port": port, "times": 10}
    uri = f"sip:{station.user}@{station.host}:{station.port}"
    return shared | {"uri": uri, "contact": f"<{uri}>", "codecs": ["pcmu"]}


def order_to_call(phone: Phone, called: str, server: tuple[str, int]) -> dict[str, Any]:
    """The order to call a user at the phone's server."""
    if phone is Phone.PYVOIP:
        return {"number": called}
    return {"uri": f"sip:{called}@{server[0]}:{server[1]}"}
