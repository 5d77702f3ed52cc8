"""The page of benchmarks, made from the files that the measurements wrote.

Run `python -m bench.page build > docs/benchmarks.md`. Measures nothing; what has no file is said to
be not measured.
"""

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, TypeVar

import msgspec

from bench.calls import CallFigures
from bench.ingest import IngestFigures
from bench.inline import InlineFigures
from bench.linear_sip import HEADS as LINEAR_HEADS
from bench.linear_sip import Growth
from bench.promises import (
    CALLS_AIM,
    CALLS_HELD,
    ENDS_PER_S,
    MAX_GROWTH_RATIO,
    MAX_RATIO,
    MAX_US_PER_PACKET,
    RELAY_MAX_RATIO,
    RELAY_P99_CALLS,
    RELAY_P99_MS,
    SEARCHABLE_WITHIN_S,
    SETUP_P99_MS,
    SETUPS_PER_S,
)
from bench.report import table

INGEST: Final = "bench-ingest.json"
CALLS: Final = "bench-calls.json"
INLINE: Final = "bench-inline.json"
LINEAR: Final = ("bench-linear-sip.json", "bench-linear-bodies.json")
NOT_MEASURED: Final = "Not measured yet.\n"
# Of each kind of input only those that grow fastest are shown.
SHOWN: Final = 5

_Read = TypeVar("_Read")

_HEAD: Final = """\
# Benchmarks

`make bench` measures everything on this page and writes it anew from the files in `build/`; the
page alone is `python -m bench.page build > docs/benchmarks.md`. Nothing here is edited by hand.
It wants an idle machine, gcc and Debian's `rtpengine-daemon`, and takes about three hours;
`python -m bench --help` names the options of a smaller run. CPU is user and system time of whole
processes, as the kernel counts it. The load generator runs on the same machine, in two threads.
"""
_INGEST: Final = f"""
## Cost per packet

µs of CPU per RTP packet of 172 bytes in steady state, 50 packets a second and stream, real speech.
Promise for ours, all processes together: at most {MAX_US_PER_PACKET} µs, and at most {MAX_RATIO}
times the bare C loop.

There are two floors, both in `bench/floor.c`, both with the recorder's sweep period. The **bare**
loop calls `recvmmsg` and forgets what it got. **Time stamps + sender** is the same loop that asks
the kernel for the arrival time and the sender of each packet and for the count of drops too, as
everything must that keeps evidence. Ours receives, keeps statistics, seals and writes. rtpengine
relays as well as records, and does not encrypt; it is measured up to 1,000 streams.

Each turn runs everything once, one after another, under the same load. A figure is the median, with
the least and the most of the runs in brackets; a ratio is taken within each turn, then its median.
"""
_HELD: Final = f"""
## Calls held

Calls of two streams, each number of them with a fresh recorder: set up, then held while the
generator beside it sends. Clean: every call answered, no packet dropped from a receive queue, none
that the generator could not send, or sent a beat late. Promise {CALLS_HELD:,} on 2 cores, aim
{CALLS_AIM:,}. CPU in cores: the generator's is that of its sending threads, the machine's is
everybody's, the kernel's interrupts included.
"""
_RATES: Final = f"""
## Set-ups

From INVITE, with SDP and metadata over UDP, to the 200, as the client sees it. Ten seconds at each
rate, up to and with the first that fails; every call speaks. Promise {SETUPS_PER_S:g} a second with
p99 at most {SETUP_P99_MS:g} ms.
"""
_SEARCH: Final = f"""
## Call end → searchable

From the answer to BYE to the first search over HTTP that finds the call, asked ten times a second.
Promise {SEARCHABLE_WITHIN_S:g} s, also while {ENDS_PER_S:g} calls end every second, as where 4,000
are up and last four minutes.
"""
_RELAY: Final = f"""
## Inline calls: cost per packet

µs of CPU per RTP packet of 172 bytes that came in, of all processes together: relayed to the other
party, and by us also recorded and sealed. Promise: at most {RELAY_MAX_RATIO:g} times rtpengine in
user space that records with pcap, in clear and with SRTP (SDES) on both sides. rtpengine's pcap is
not encrypted. It opens and seals SRTP as we do: both legs have keys of their own, and of a probe's
call every packet is checked to have been sealed anew and to say what was said.

Two parties a call, 50 packets a second each, set up over SIP with both legs by us, over the ng
protocol by rtpengine. The generator sends everybody the same bytes, and what comes back to it the
kernel drops. A figure is the median, with the least and the most of the runs in brackets; a ratio
is taken within each turn, then its median. Lost: not read from a socket, not come to the probe's
other side, or missing in a recording.
"""
_DELAY: Final = f"""
## Inline calls: added delay

ms from just before the sender's `sendto` to the kernel's time of arrival at the other party, in a
call of its own beside the others, both ways, 100 packets a second from a process of its own.
Loopback itself and every wait for a core are in it. Promise: p99 at most {RELAY_P99_MS:g} ms at
{RELAY_P99_CALLS} calls.
"""
_INLINE_RATES: Final = f"""
## Inline calls: set-ups

From INVITE to the 200 that came from the called side, as the caller sees it, over UDP; ACK and BYE
have to reach the called side too. Ten seconds at each rate, with a fresh recorder in each run;
every call speaks for two seconds. Up to and with the first rate that fails in a run or has a median
p99 beyond a second. The called side is the generator's, and what it took itself is left out in a
column of its own. Medians, with the least and the most of the runs in brackets. Promise
{SETUPS_PER_S:g} a second with p99 at most {SETUP_P99_MS:g} ms.
"""
_LINEAR: Final = f"""
## Hostile input

CPU for n bytes of the worst inputs and for 8n: 8 is linear, {MAX_GROWTH_RATIO:g} is allowed.
Of each kind, messages and bodies, the {SHOWN} that grow fastest.
"""


def read(path: Path, kind: type[_Read]) -> _Read | None:
    """What a measurement wrote; None where it has not run. Raises `msgspec.ValidationError`."""
    if not path.exists():
        return None
    return msgspec.convert(json.loads(path.read_text()), kind)


def page(folder: Path) -> str:
    """The whole page, from the files of `folder`."""
    ingest, calls = read(folder / INGEST, IngestFigures), read(folder / CALLS, CallFigures)
    inline = read(folder / INLINE, InlineFigures)
    linear = [read(folder / name, list[Growth]) or [] for name in LINEAR]
    sections = [
        _HEAD,
        _machine([figures for figures in (ingest, calls, inline) if figures is not None]),
        _INGEST,
        _ingest(ingest),
        *_calls(calls),
        *_inline(inline),
        _LINEAR,
        *(_fastest(found) for found in linear if found),
    ]
    if not any(linear):
        sections.append(NOT_MEASURED)
    return "\n".join(section.strip() + "\n" for section in sections)


def _machine(measured: Sequence[IngestFigures | CallFigures | InlineFigures]) -> str:
    if not measured:
        return NOT_MEASURED
    facts: Mapping[str, object] = measured[0].machine
    rows: list[list[object]] = [[name, value] for name, value in facts.items()]
    told = [f"{table(('machine', ''), rows)}\nMeasured by:\n"]
    # One command measures all, unless each was run alone.
    for command, machine in {" ".join(each.command): each.machine for each in measured}.items():
        told.append(f"    {command}\n{elsewhere(facts, machine)}")
    return "\n".join(told)


def elsewhere(facts: Mapping[str, object], machine: Mapping[str, object]) -> str:
    """What was not as the page's first table says when this was measured; empty if all was."""
    rows = [[name, value] for name, value in machine.items() if facts.get(name) != value]
    return f"\nwith\n\n{table(('other than above', ''), rows)}" if rows else ""


def _ingest(figures: IngestFigures | None) -> str:
    if figures is None:
        return NOT_MEASURED
    runs = max((len(each.ours) for each in figures.runs), default=0)
    told = f"{runs} × {figures.seconds} s of each.\n\n"
    return told + figures.table() + _verdict(figures.missed)


def _calls(figures: CallFigures | None) -> list[str]:
    if figures is None:
        return [_HELD, NOT_MEASURED, _RATES, NOT_MEASURED, _SEARCH, NOT_MEASURED]
    held, rates, searches = figures.tables()
    return [_HELD, held, _RATES, rates, _SEARCH, searches, _verdict(figures.missed)]


def _inline(figures: InlineFigures | None) -> list[str]:
    if figures is None:
        return [_RELAY, NOT_MEASURED, _DELAY, NOT_MEASURED, _INLINE_RATES, NOT_MEASURED]
    cost, delay, rates = figures.tables()
    runs = max((len(each.ours) for each in figures.runs), default=0)
    told = f"{runs} × {figures.seconds} s of each.\n\n"
    return [_RELAY, told + cost, _DELAY, delay, _INLINE_RATES, rates, _verdict(figures.missed)]


def _fastest(found: Sequence[Growth]) -> str:
    ranked = sorted(found, key=lambda each: each.ratio, reverse=True)
    return table(LINEAR_HEADS, [each.row() for each in ranked[:SHOWN]])


def _verdict(missed: Sequence[str]) -> str:
    if not missed:
        return "\nEvery promise that was measured is kept.\n"
    return "\n**Not kept:** " + "; ".join(missed) + ".\n"


def main() -> int:
    """Write the page to standard output."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path("build")
    sys.stdout.write(page(folder))
    return 0


if __name__ == "__main__":
    sys.exit(main())
