"""The corpus of vendors' sessions: messages with places for what differs from call to call.

A file has a line on where it comes from, then messages, each behind a line `=== what happens`.
Knows nothing of SIPp or of the server.
"""

import base64
import re
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Final

CORPUS: Final = Path(__file__).parent / "corpus"
NAMES: Final = tuple(sorted(file.stem for file in CORPUS.glob("*.txt")))
_MESSAGE: Final = re.compile(r"^=== (.*)\n", re.MULTILINE)
_VALUE: Final = re.compile(r"\{(\w+):(\w+)\}")
_PLACE: Final = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Message:
    """A request: start line, header lines (a fold is part of its line), body with CRLF."""

    title: str
    start: str
    headers: tuple[str, ...]
    body: str

    @property
    def method(self) -> str:
        """INVITE or UPDATE."""
        return self.start.split()[0]


@dataclass(frozen=True, slots=True)
class Script:
    """What one client sends in one call; `values` fill its places for ids and numbers."""

    name: str
    source: str
    messages: tuple[Message, ...]
    values: Mapping[str, str]

    def value(self, key: str) -> str:
        """What stands for `kind:name`."""
        return self.values[key]


def read(name: str, random: Random) -> Script:
    """A script of the corpus with fresh values, the same one wherever its name stands."""
    text = (CORPUS / f"{name}.txt").read_text("utf-8")
    keys = sorted({found[0] for found in _VALUE.finditer(text)})
    values = {key[1:-1]: _fresh(key[1:-1].partition(":")[0], random) for key in keys}
    filled = _VALUE.sub(lambda found: values[found[0][1:-1]], text)
    source, *rest = _MESSAGE.split(filled)
    pairs = zip(rest[::2], rest[1::2], strict=True)
    return Script(name, source.strip("# \n"), tuple(_message(*pair) for pair in pairs), values)


def seeded(seed: int) -> Random:
    """A generator whose values are the same each time."""
    return Random(seed)  # noqa: S311 - a test must be repeatable


def _message(title: str, text: str) -> Message:
    head, _, body = text.partition("\n\n")
    start, *headers = head.split("\n")
    return Message(title, start, tuple(headers), body.replace("\n", "\r\n"))


def _fresh(kind: str, random: Random) -> str:
    return _KINDS[kind](random.randbytes(16))


def _words(data: bytes) -> str:
    return "-".join(str(int.from_bytes(data[at : at + 4])) for at in range(0, 16, 4))


_KINDS: Final[Mapping[str, Callable[[bytes], str]]] = {
    "b64": lambda data: base64.b64encode(data).decode(),
    "uuid": lambda data: str(uuid.UUID(bytes=data)),
    "hex32": bytes.hex,
    "ucid": lambda data: data[:8].hex().upper(),
    "guid": _words,
    "digits": lambda data: str(10**7 + int.from_bytes(data) % (9 * 10**7)),
    # Its exchange begins with 0: nobody has it.
    "number": lambda data: f"+8130{int.from_bytes(data) % 10**7:08d}",
}


def placed(message: Message, places: Mapping[str, str]) -> Message:
    """The message with addresses, tags and the like in their places."""

    def fill(text: str) -> str:
        return _PLACE.sub(lambda found: places[found[1]], text)

    return replace(message, start=fill(message.start), headers=tuple(map(fill, message.headers)))


def wire(message: Message) -> bytes:
    """The message as bytes, Content-Length counted where it has one."""
    body = message.body.encode()
    lines = [message.start, *message.headers]
    text = "\r\n".join(lines).replace("{length}", str(len(body)))
    return text.encode() + b"\r\n\r\n" + body
