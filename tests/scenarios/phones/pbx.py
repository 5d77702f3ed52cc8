"""A PBX of PJSIP, the stack of Asterisk's own SIP, which behaves as Asterisk does by default.

It runs in a process and a virtual environment of its own. Knows nothing of who calls it.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.scenarios.phones import program
from tests.scenarios.phones.ports import media, signalling


@dataclass(frozen=True, slots=True)
class Pbx:
    """One that runs."""

    program: program.Program
    target: str

    @property
    def uri(self) -> str:
        """Where it is called."""
        return f"sip:{self.target}"


@contextmanager
def pbx(  # noqa: PLR0913  # all but two are named
    folder: Path,
    extensions: Mapping[str, Mapping[str, Any]],
    *,
    host: str,
    trunk: str,
    music: Path,
    codecs: Sequence[str] = ("pcmu", "pcma"),
    session_s: int = 0,
) -> Iterator[Pbx]:
    """One while the block lasts; all numbers but its extensions are called at `trunk`.

    An extension has a `telephone` (a URI) or `forwards` to a number; `name` is who answers there,
    `announces` a file that is played before that, `rings` whether a caller is told so.
    With `session_s` its calls are refreshed so often, by itself (RFC 4028).
    """
    port, ports = signalling(host)[0], media(host)
    place = f"{host}:{port}"
    asked = {
        "folder": str(folder / "pbx"), "says": "", "host": host, "port": port, "place": place,
        "uri": f"sip:pbx@{place}", "contact": f"<sip:pbx@{place}>", "codecs": codecs,
        "media": [ports[0], ports[-1]], "trunk": trunk, "music": str(music),
        "session_s": session_s,
        "extensions": {number: dict(each) for number, each in extensions.items()},
    }  # fmt: skip
    with program.running("pbx", folder / "pbx", asked) as started:
        yield Pbx(started, place)
