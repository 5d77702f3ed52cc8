"""Is reading SIP linear? Each of the worst inputs at n bytes and at 8n, and the ratio of the times.

Run `python -m bench.linear_sip`; exit code 3 where 8n bytes take more than 10 times as long as n.
"""

import argparse
import gc
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench.promises import FINDINGS, GROWTH, MAX_GROWTH_RATIO
from bench.report import table, write_json
from capture.errors import PeerBrokeProtocol
from capture.sip.address import parse_address, parse_addresses
from capture.sip.grammar import split_outside, unquote
from capture.sip.headers import parse_credentials, parse_via
from capture.sip.stream_framer import StreamFramer
from capture.sip.uri import parse_uri
from tests.support.sip import parse_message

HEADS: Final = ("input", "n bytes", "n µs", "8n µs", "ratio")
# The fastest of many counts: other work on the machine only ever adds.
ROUNDS: Final = 40
# Eight times as much is eight times the longest header line that is accepted.
SCANNER_BYTES: Final = 8 << 10
# Eight times as much is the largest head that is accepted.
MESSAGE_BYTES: Final = 8 << 10
STREAM_BYTES: Final = 8 << 10


@dataclass(frozen=True, slots=True)
class Worst:
    """One hostile input: `build` makes about so many bytes of it, `read` reads them."""

    name: str
    build: Callable[[int], bytes]
    read: Callable[[bytes], object]
    smaller_bytes: int


def repeated(unit: bytes, before: bytes = b"", after: bytes = b"") -> Callable[[int], bytes]:
    """Inputs that repeat `unit` to the wanted size."""
    return lambda size: before + unit * (size // len(unit)) + after


def message(unit: bytes) -> Callable[[int], bytes]:
    """Requests whose headers repeat `unit`."""
    head = b"OPTIONS sip:a SIP/2.0\r\nVia: SIP/2.0/UDP a;branch=z9hG4bKx\r\n"
    return repeated(unit, head, b"\r\n")


def feed_bytewise(data: bytes) -> None:
    """A stream that arrives a byte at a time."""
    framer = StreamFramer()
    for index in range(len(data)):
        framer.feed(data[index : index + 1])


def body_of(size: int) -> bytes:
    """A stream with one message whose body is large."""
    return b"A a SIP/2.0\r\nl: %d\r\n\r\n" % size + b"b" * size


def split_commas(data: bytes) -> list[bytes]:
    """The list scanner."""
    return split_outside(data, b",")


SCANNERS: Final = [
    Worst("quotes without commas", repeated(b'""', b"", b",<"), split_commas, SCANNER_BYTES),
    Worst("commas in quotes", repeated(b'",",'), split_commas, SCANNER_BYTES),
    Worst("escaped quotes", repeated(rb"\"", b',"', b'"'), split_commas, SCANNER_BYTES),
    Worst("backslashes, no end", repeated(b"\\", b',"'), split_commas, SCANNER_BYTES),
    Worst("angles that never close", repeated(b"<,"), split_commas, SCANNER_BYTES),
    Worst("many short angles", repeated(b"<>,"), split_commas, SCANNER_BYTES),
    Worst("unquote escapes", repeated(rb"\a", b'"', b'"'), unquote, SCANNER_BYTES),
    Worst("name of quotes", repeated(rb"\"", b'"', b'" <sip:a@b>'), parse_address, SCANNER_BYTES),
    Worst("address list", repeated(b'"A" <sip:a@b>, ', b"", b"<sip:c>"), parse_addresses,
          SCANNER_BYTES),
    Worst("digest", repeated(b'a="b\\"c", ', b"Digest ", b"z=1"), parse_credentials,
          SCANNER_BYTES),
    Worst("via parameters", repeated(b';a="b"', b"SIP/2.0/UDP h"), parse_via, SCANNER_BYTES),
    Worst("via spaces", repeated(b" ", b"SIP / 2.0 /", b"UDP h"), parse_via, SCANNER_BYTES),
    Worst("uri signs", repeated(b"@", b"sip:a"), parse_uri, SCANNER_BYTES),
    Worst("uri parameters", repeated(b";a", b"sip:a@b"), parse_uri, SCANNER_BYTES),
]  # fmt: skip
WHOLE: Final = [
    Worst("folds", message(b" \r\n"), parse_message, MESSAGE_BYTES),
    Worst("short lines", message(b"a:\r\n"), parse_message, MESSAGE_BYTES),
    Worst("no end of headers", message(b"a"), parse_message, MESSAGE_BYTES),
    Worst("CRs alone", message(b"\r"), parse_message, MESSAGE_BYTES),
    Worst("leading CRLFs", repeated(b"\r\n"), parse_message, MESSAGE_BYTES),
    Worst("headers bytewise", repeated(b"a"), feed_bytewise, MESSAGE_BYTES),
    Worst("body bytewise", body_of, feed_bytewise, STREAM_BYTES),
    Worst("keep-alives bytewise", repeated(b"\r\n"), feed_bytewise, STREAM_BYTES),
]


@dataclass(frozen=True, slots=True)
class Growth:
    """CPU seconds for n bytes of one input, and for 8n."""

    name: str
    smaller_bytes: int
    short_s: float
    long_s: float

    @property
    def ratio(self) -> float:
        """How many times as long the larger input takes; 8 is linear."""
        return self.long_s / self.short_s

    def row(self) -> list[object]:
        """A line of the table; times in µs."""
        return [self.name, self.smaller_bytes, 1e6 * self.short_s, 1e6 * self.long_s, self.ratio]


def seconds(read: Callable[[bytes], object], data: bytes) -> float:
    """CPU seconds of one reading; refusing the input counts like reading it."""
    begun_s = time.process_time()
    with suppress(PeerBrokeProtocol):
        read(data)
    return time.process_time() - begun_s


def measure(worst: Worst) -> tuple[float, float]:
    """CPU seconds for n and for 8n bytes, the fastest of interleaved rounds each."""
    short, long = worst.build(worst.smaller_bytes), worst.build(GROWTH * worst.smaller_bytes)
    rounds = [(seconds(worst.read, short), seconds(worst.read, long)) for _ in range(ROUNDS)]
    return min(short_s for short_s, _ in rounds), min(long_s for _, long_s in rounds)


def measured(worsts: Sequence[Worst]) -> list[Growth]:
    """All inputs in turn.

    The garbage collector is off, as in `timeit`: its passes depend on what else is alive.
    """
    gc.disable()
    try:
        return [Growth(each.name, each.smaller_bytes, *measure(each)) for each in worsts]
    finally:
        gc.enable()


def report(worsts: Sequence[Worst]) -> int:
    """Measure, write the JSON file, print the table; the exit code says whether all keep it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--json", type=Path, default=None)
    target = parser.parse_args().json
    found = measured(worsts)
    if target is not None:
        write_json(target, found)
    print(table(HEADS, [each.row() for each in found]))
    return FINDINGS if any(each.ratio > MAX_GROWTH_RATIO for each in found) else 0


if __name__ == "__main__":
    sys.exit(report([*SCANNERS, *WHOLE]))
