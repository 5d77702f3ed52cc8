"""What the page of benchmarks says of each measurement: how it is made, and what was promised.

Texts only; nothing here reads a figure.
"""

from typing import Final

from bench.audience import PIECE_S
from bench.promises import (
    ANSWER_BY_ID_MS,
    AUDIT_MS,
    BESIDE_CALLS,
    CALLS_AIM,
    CALLS_HELD,
    CATALOG_CALLS,
    COMMAND_MS,
    ENDS_PER_S,
    JOURNAL_INDEX_MAX_RATIO,
    JOURNAL_ROWS,
    LISTENERS,
    MAX_GROWTH_RATIO,
    MAX_RATIO,
    MAX_US_PER_PACKET,
    REACH_PAGE_MS,
    RELAY_MAX_RATIO,
    RELAY_P99_MS,
    RESULT_PAGE_MORE_MS,
    SCARCE_PAGE_MAX_RATIO,
    SEARCH_P99_MAX_RATIO,
    SEARCHABLE_WITHIN_S,
    SEARCHES_PER_S,
    SETUP_P99_MS,
    SETUPS_PER_S,
    SOAK_MAX_GROWTH,
    SOAK_SETTLED_MIN,
    SRTP_RELAY_MAX_RATIO,
)
from bench.soak import CALL_S, SETTLE_S

RELAY_P99: Final = ", ".join(f"{ms:g} ms at {calls:,} calls" for calls, ms in RELAY_P99_MS.items())
# Of each kind of input only those that grow fastest are shown.
SHOWN: Final = 5

HEAD_TEXT: Final = """\
# Benchmarks

`make bench` measures everything on this page but the soak, which is `make soak`, and writes it anew
from the files in `build/`; the page alone is `python -m bench.page build > docs/benchmarks.md`.
Tables are what the commands wrote; a section that was measured alone and later says so.
It wants an idle machine, gcc and Debian's `rtpengine-daemon`, and takes about three hours;
`python -m bench --help` names the options of a smaller run. CPU is user and system time of whole
processes, as the kernel counts it. The load generator runs on the same machine, in two threads.
How many calls another machine holds is `python -m bench capacity` there, from a checkout beside the
Rokuon that runs (`--config FILE`): it raises the number until a packet is lost.
"""
INGEST_TEXT: Final = f"""
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
HELD_TEXT: Final = f"""
## Calls held

Calls of two streams, each number of them with a fresh recorder: set up, then held while the
generator beside it sends. Clean: every call answered, no packet dropped from a receive queue, none
that the generator could not send, or sent a beat late. Promise {CALLS_HELD:,} on 2 cores, aim
{CALLS_AIM:,}. CPU in cores: the generator's is that of its sending threads, the machine's is
everybody's, the kernel's interrupts included.
"""
RATES_TEXT: Final = f"""
## Set-ups

From INVITE, with SDP and metadata over UDP, to the 200, as the client sees it. Ten seconds at each
rate, up to and with the first that fails; every call speaks. Promise {SETUPS_PER_S:g} a second with
p99 at most {SETUP_P99_MS:g} ms.
"""
SEARCH_TEXT: Final = f"""
## Call end → searchable

From the answer to BYE to the first search over HTTP that finds the call, asked ten times a second.
Promise {SEARCHABLE_WITHIN_S:g} s, also while {ENDS_PER_S:g} calls end every second, as where 4,000
are up and last four minutes.
"""
ANSWERS_TEXT: Final = f"""
## Answers at once: one thing by its id

Of a catalog of {CATALOG_CALLS:,} calls in SQLite, every table of it filled: some hundreds of calls
are written by the keeper's code, all others are copies with ids, numbers and times of their own.
Nothing is gathered or rearranged for the bench, and the file does not fit into SQLite's own memory.
Asked over one connection that stays open, ids drawn by chance from all of the time; what is asked
is in the journal, on the disk, before it is answered, and the time of that is in each figure but
that of `/health`. `/recordings/{{id}}/parts` is what the audio of a recording asks of the catalog.
Promise: at most {ANSWER_BY_ID_MS:g} ms in the median.
"""
PAGES_TEXT: Final = f"""
## Answers at once: the page that is not full

The first page of a search, fifty calls at most, where there are many and where there are few.
Promise: the page that is not full takes at most {SCARCE_PAGE_MAX_RATIO:g} times as long as the
full one.
"""
WITHIN_TEXT: Final = f"""
## Answers at once: within a reach

The first page of all calls of a year for who reaches a part of them, asked of the catalog itself.
Promise: as medians, at most {REACH_PAGE_MS:g} ms.
"""
SHOWN_TEXT: Final = f"""
## Answers at once: the page that people see

The first page of a search over HTTP, as JSON, and the page on which people search, in turns: the
same calls, and on the page those without a recording besides; its chart of days is asked for apart.
Promise: as 99th percentiles, at most {RESULT_PAGE_MORE_MS:g} ms more.
"""
COMMANDS_TEXT: Final = f"""
## Answers at once: the command

From the shell's `fork` to the end of the process, on the same catalog; CPU is user and system time
of the process. Alone, and with a process that never rests beside it for each core. Promise: at most
{COMMAND_MS:,.0f} ms in the median.
"""
LISTENERS_TEXT: Final = f"""
## Listening and searching while calls are recorded

Calls of two streams come in by SIPREC while people listen and search, over HTTP, in a catalog of
{CATALOG_CALLS:,} calls; recorder, load and everybody who asks share the machine. Who listens asks
for {PIECE_S:g} s of a recording that the recorder made and sealed before, and for the next when
they are over, as a player does. So many searches a second are asked whether or not those before
have been answered: all calls of a day, last digits, a whole number; searches by an agent's name,
which take a third of a second of CPU at {CATALOG_CALLS:,} calls, are left out. A wait counts from
the instant at which a question was due. Lost: dropped from a receive queue, not sent, or sent and
in no part of a recording.

Fewer calls are tried until everything holds. Promise: with {LISTENERS} listeners and
{SEARCHES_PER_S:g} searches a second beside {BESIDE_CALLS} calls no packet is lost, no player runs
dry, and the 99th percentile of a search is at most {SEARCH_P99_MAX_RATIO:g} times its own with
nothing beside it.
"""
JOURNAL_TEXT: Final = f"""
## The journal: what auditors ask

Of a journal of {JOURNAL_ROWS:,} entries in SQLite, filled as three years would: the keeper's, and
those of a hundred accounts that search, read, hear and export sixty times a day, and whose every
search shows a full page of fifty. Asked in this process, about calls, accounts and days drawn by
chance, and CPU is its own. `reach` counts, `every call` names each with what was done to it.
Promise: who heard a call, and what an account reached in a month, at most {AUDIT_MS:g} ms in the
median.
"""
JOURNAL_COST_TEXT: Final = f"""
## The journal: what its indexes cost

Each entry is a commit that is on the disk when it returns, as all are. In turns, entry by entry,
to the journal above and to a copy without the indexes by account and by action; of each turn the
median of sixty, then the median of the turns, with the least and the most in brackets. Bytes are
those of the values. Promise: at most {JOURNAL_INDEX_MAX_RATIO:g} times as long with the indexes.
"""
RELAY_TEXT: Final = f"""
## Inline calls: cost per packet

µs of CPU per RTP packet of 172 bytes that came in, of all processes together: relayed to the other
party, and by us also recorded and sealed. Promise: at most {RELAY_MAX_RATIO:g} times rtpengine in
user space that records with pcap, with SRTP (SDES) on both sides at most {SRTP_RELAY_MAX_RATIO:g}
times. rtpengine's pcap is not encrypted. It opens and seals SRTP as we do: both legs have keys of
their own, and of a probe's call every packet is checked to have been sealed anew and to say what
was said.

Two parties a call, 50 packets a second each, set up over SIP with both legs by us, over the ng
protocol by rtpengine. The generator sends everybody the same bytes, and what comes back to it the
kernel drops. A figure is the median, with the least and the most of the runs in brackets; a ratio
is taken within each turn, then its median. Lost: not read from a socket, not come to the probe's
other side, or missing in a recording.
"""
DELAY_TEXT: Final = f"""
## Inline calls: added delay

ms from just before the sender's `sendto` to the kernel's time of arrival at the other party, in a
call of its own beside the others, both ways, 100 packets a second from a process of its own.
Loopback itself and every wait for a core are in it. Promise: p99 at most {RELAY_P99}.
"""
INLINE_RATES_TEXT: Final = f"""
## Inline calls: set-ups

From INVITE to the 200 that came from the called side, as the caller sees it, over UDP; ACK and BYE
have to reach the called side too. Ten seconds at each rate, with a fresh recorder in each run;
every call speaks for two seconds. Up to and with the first rate that fails in a run or has a median
p99 beyond a second. The called side is the generator's, and what it took itself is left out in a
column of its own. Medians, with the least and the most of the runs in brackets. Promise
{SETUPS_PER_S:g} a second with p99 at most {SETUP_P99_MS:g} ms.
"""
SOAK_TEXT: Final = f"""
## Inline calls: soak

`make soak`: calls that last {CALL_S[0]:g} to {CALL_S[1]:g} s, each of them soon another one. Every
port has had a call before the first reading, and the last one is {SETTLE_S:g} s after the last
call. Promise: no descriptor more than before, and memory (RSS) that grows by less than
{100 * SOAK_MAX_GROWTH:g} % after {SOAK_SETTLED_MIN} minutes, in each process.
"""
LINEAR_TEXT: Final = f"""
## Hostile input

CPU for n bytes of the worst inputs and for 8n: 8 is linear, {MAX_GROWTH_RATIO:g} is allowed.
Of each kind, messages and bodies, the {SHOWN} that grow fastest.
"""
