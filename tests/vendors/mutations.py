"""What a message can be and still be the same: order, case, folds, blanks, parts that are missing.

And parts that are repeated or broken beside good ones. Each step is drawn from a generator. A
message that goes through any of them keeps a valid m-line, an address and the headers of RFC 3261
§8.1.1. Knows nothing of the server.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Final

from tests.vendors.script import Message

Step = Callable[[Message, Random], Message]
COMPACT: Final = {
    "via": "v", "from": "f", "to": "t", "call-id": "i", "contact": "m", "supported": "k",
    "content-type": "c", "content-length": "l", "session-expires": "x", "subject": "s",
}  # fmt: skip
# RFC 3261 §8.1.1; without Content-Length a datagram ends where it ends (§18.3).
NEEDED: Final = {*COMPACT.values(), *COMPACT, "cseq", "max-forwards"} - {
    *("k", "supported", "x", "session-expires", "s", "subject"),
    *("c", "content-type", "l", "content-length"),
}


def _name(line: str) -> str:
    return line.partition(":")[0].strip().lower()


def shuffled(message: Message, random: Random) -> Message:
    """Headers in another order; those of one name stay in theirs."""
    order = sorted(message.headers, key=lambda _: random.random())
    queues: dict[str, list[str]] = {}
    for line in message.headers:
        queues.setdefault(_name(line), []).append(line)
    return replace(message, headers=tuple(queues[_name(line)].pop(0) for line in order))


def recased(message: Message, random: Random) -> Message:
    """Names in any mixture of cases."""

    def mix(line: str) -> str:
        name, colon, value = line.partition(":")
        return "".join(random.choice((c.lower(), c.upper())) for c in name) + colon + value

    return replace(message, headers=tuple(map(mix, message.headers)))


def compacted(message: Message, random: Random) -> Message:
    """Names in their compact form (§7.3.3), each or not."""

    def short(line: str) -> str:
        _, colon, value = line.partition(":")
        compact = COMPACT.get(_name(line))
        return compact + colon + value if compact and random.random() < 0.7 else line

    return replace(message, headers=tuple(map(short, message.headers)))


def folded(message: Message, random: Random) -> Message:
    """A value broken where white space stands outside of angle brackets (§7.3.1)."""

    def fold(line: str) -> str:
        name, colon, value = line.partition(":")
        places = [at for at, c in enumerate(value) if c == " " and _is_outside(value, at)]
        if not places or random.random() < 0.5:
            return line
        at = random.choice(places)
        return f"{name}{colon}{value[:at]}\r\n\t{value[at + 1 :]}"

    return replace(message, headers=tuple(map(fold, message.headers)))


def _is_outside(value: str, at: int) -> bool:
    before = value[:at]
    return before.count("<") == before.count(">") and before.count('"') % 2 == 0


def padded(message: Message, random: Random) -> Message:
    """Blanks before and behind the colon, and at the end of the line."""

    def pad(line: str) -> str:
        name, _, value = line.partition(":")
        before, behind, last = (random.choice(("", " ", "\t", "  ")) for _ in range(3))
        return f"{name}{before}:{behind or ' '}{value.lstrip()}{last}"

    return replace(message, headers=tuple(map(pad, message.headers)))


def thinned(message: Message, random: Random) -> Message:
    """A header less that is not needed."""
    spare = [line for line in message.headers if _name(line) not in NEEDED]
    if not spare:
        return message
    gone = random.choice(spare)
    return replace(message, headers=tuple(line for line in message.headers if line is not gone))


def repeated(message: Message, random: Random) -> Message:
    """A header that stands twice, with the same value."""
    line = random.choice(message.headers)
    at = random.randrange(len(message.headers) + 1)
    if _name(line) in {"via", "v"}:
        return message  # another hop is another message
    return replace(message, headers=(*message.headers[:at], line, *message.headers[at:]))


def unknown(message: Message, random: Random) -> Message:
    """Headers that nobody knows, one of them long."""
    strange = ("X-Note: ☃", 'X-Quote: "', f"X-Long: {'a,' * 500}", "X-Empty:", "Accept:")
    line = random.choice(strange)
    return replace(message, headers=(line, *message.headers))


def with_line_feeds(message: Message, _: Random) -> Message:
    """A body whose lines end with LF alone."""
    return replace(message, body=message.body.replace("\r\n", "\n"))


def _parts(message: Message) -> tuple[str, list[str], str]:
    """Boundary line, parts between, last line; no parts where the body is none of several."""
    found = re.match(r"(--[^\r\n]+)\r\n", message.body)
    if found is None:
        return "", [], ""
    mark = found[1]
    inner, _, tail = message.body.rpartition(f"{mark}--")
    return mark, inner.split(f"{mark}\r\n")[1:], tail


def _joined(message: Message, mark: str, parts: list[str], tail: str) -> Message:
    body = "".join(f"{mark}\r\n{part}" for part in parts)
    return replace(message, body=f"{body}{mark}--{tail}")


def _is_sdp(part: str) -> bool:
    return "v=0" in part or "m=audio" in part


def _on_parts(change: Callable[[list[str], Random], list[str]]) -> Step:
    def step(message: Message, random: Random) -> Message:
        mark, parts, tail = _parts(message)
        return _joined(message, mark, change(parts, random), tail) if parts else message

    return step


def _drop_part(parts: list[str], random: Random) -> list[str]:
    spare = [part for part in parts if not _is_sdp(part)]
    if not spare:
        return parts
    gone = random.choice(spare)
    return [part for part in parts if part is not gone]


def _strip_part(parts: list[str], random: Random) -> list[str]:
    """The headers of a part thinned, its blank line where it was."""
    at = random.randrange(len(parts))
    head, blank, body = parts[at].partition("\r\n\r\n")
    lines = head.split("\r\n")
    lines.pop(random.randrange(len(lines)))
    return [*parts[:at], "\r\n".join(lines) + ("\r\n" if not lines else "") + blank + body,
            *parts[at + 1 :]]  # fmt: skip


reordered = _on_parts(lambda parts, random: random.sample(parts, len(parts)))
part_dropped = _on_parts(_drop_part)
part_repeated = _on_parts(lambda parts, random: [*parts, random.choice(parts)])
part_stripped = _on_parts(_strip_part)


def unclosed(message: Message, _: Random) -> Message:
    """A multipart without its last delimiter."""
    mark, _parts_of, _tail = _parts(message)
    return replace(message, body=message.body.rpartition(f"{mark}--")[0]) if mark else message


def wrapped(message: Message, _: Random) -> Message:
    """Text before and behind the parts."""
    if not _parts(message)[0]:
        return message
    return replace(message, body=f"This has parts.\r\n{message.body}\r\nThat was all.\r\n")


def _sdp(message: Message) -> tuple[int, int]:
    """Where the description begins and ends in the body."""
    begin = re.search(r"^[vo]=.*\r\n", message.body, re.MULTILINE)
    if begin is None:
        return -1, -1
    end = message.body.find("\r\n--", begin.start())
    return begin.start(), len(message.body) if end < 0 else end + 2


def _on_sdp(change: Callable[[list[str], Random], list[str]]) -> Step:
    def step(message: Message, random: Random) -> Message:
        begin, end = _sdp(message)
        if begin < 0:
            return message
        lines = message.body[begin:end].removesuffix("\r\n").split("\r\n")
        text = "\r\n".join(change(lines, random)) + "\r\n"
        return replace(message, body=message.body[:begin] + text + message.body[end:])

    return step


def _drop_line(lines: list[str], random: Random) -> list[str]:
    """Any line but an m-line, and the last address."""
    addresses = sum(line.startswith("c=") for line in lines)
    spare = [
        at for at, line in enumerate(lines)
        if not line.startswith("m=") and (addresses > 1 or not line.startswith("c="))
    ]  # fmt: skip
    at = random.choice(spare)
    return lines[:at] + lines[at + 1 :]


def _repeat_line(lines: list[str], random: Random) -> list[str]:
    at = random.choice([at for at, line in enumerate(lines) if not line.startswith("m=")])
    return [*lines[: at + 1], *lines[at:]]


def _spoil_line(lines: list[str], random: Random) -> list[str]:
    """One of several m-lines that cannot be read; one that can be taken stays."""
    audio = [at for at, line in enumerate(lines) if re.match(r"m=audio \d", line)]
    if len(audio) < 2:
        return lines
    at = random.choice(audio)
    return [*lines[:at], random.choice(("m=audio", "m=", "m=audio x RTP/AVP 0")), *lines[at + 1 :]]


def _pad_lines(lines: list[str], random: Random) -> list[str]:
    return [line + random.choice(("", "", " ", "\t")) for line in lines]


line_dropped = _on_sdp(_drop_line)
line_repeated = _on_sdp(_repeat_line)
line_spoilt = _on_sdp(_spoil_line)
lines_padded = _on_sdp(_pad_lines)


def _on_xml(change: Callable[[str, Random], str]) -> Step:
    def step(message: Message, random: Random) -> Message:
        begin, end = message.body.find("<?xml"), message.body.rfind(">") + 1
        if begin < 0:
            return message
        text = change(message.body[begin:end], random)
        return replace(message, body=message.body[:begin] + text + message.body[end:])

    return step


def _drop_element(text: str, random: Random) -> str:
    """A line of the document less: an element, or the begin or the end of one."""
    lines = text.split("\r\n")
    lines.pop(random.randrange(len(lines)))
    return "\r\n".join(lines)


def _repeat_element(text: str, random: Random) -> str:
    lines = text.split("\r\n")
    at = random.randrange(len(lines))
    return "\r\n".join([*lines[: at + 1], *lines[at:]])


def _recase(text: str, random: Random) -> str:
    name = random.choice(re.findall(r"<([a-zA-Z]+)[ >]", text) or ["recording"])
    return re.sub(rf"(</?){name}\b", lambda found: found[1] + name.upper(), text)


xml_thinned = _on_xml(_drop_element)
xml_repeated = _on_xml(_repeat_element)
xml_recased = _on_xml(_recase)
xml_cut = _on_xml(lambda text, random: text[: random.randrange(len(text) + 1)])

OF_HEADERS: Final[tuple[Step, ...]] = (
    shuffled, recased, compacted, folded, padded, thinned, repeated, unknown,
)  # fmt: skip
OF_BODIES: Final[tuple[Step, ...]] = (
    with_line_feeds, reordered, part_dropped, part_repeated, part_stripped, unclosed, wrapped,
    line_dropped, line_repeated, line_spoilt, lines_padded,
    xml_thinned, xml_repeated, xml_recased, xml_cut,
)  # fmt: skip
MAX_STEPS: Final = 4


def mutated(message: Message, random: Random) -> Message:
    """The message after one to four steps."""
    for step in random.choices((*OF_HEADERS, *OF_BODIES), k=random.randint(1, MAX_STEPS)):
        message = step(message, random)
    return message
