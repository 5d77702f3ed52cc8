"""What a recording of an inline call holds: its events, and its lanes compared with the witness.

Knows the ports of a call, not how it was made.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from itertools import pairwise
from typing import Final, TypeVar

import numpy as np
import soundfile

from archive.call.events import (
    CallEnded,
    CallOpened,
    Event,
    NoticePlayed,
    RecordingBegan,
    RouteTaken,
    StreamAdded,
)
from archive.catalog.access.grants import Ask, ExportGrant, grant
from archive.catalog.database.engine import reading
from archive.catalog.search.calls import stored
from archive.ids import RecordingId
from archive.reading.stored_audio import open_recording
from capture.media.rtcp_mux import is_report_type
from rokuon.compose.archive.catalog import local_access, open_catalog
from rokuon.compose.archive.key_daemon import open_keys
from rokuon.config.load import load
from rokuon.prompts.built_in import FOLDER
from tests.scenarios.hearing import RATE, Signal, find
from tests.scenarios.inline.node import Call
from tests.scenarios.oracle import MASK, STAMP_TOLERANCE_US, heard_in_place, stretches
from tests.scenarios.recordings import Recorded, Samples
from tests.scenarios.scene import Scene
from tests.scenarios.senders import HEADER_BYTES, PACKET_S, PACKET_SAMPLES
from tests.scenarios.waiting import until
from tests.scenarios.witness import Datagram, Place

CUSTOMER, AGENT, NODE = 0, 1, 2
PACKET_MS: Final = round(PACKET_S * 1000)
_PORT: Final = re.compile(rb"^m=audio (\d+)", re.MULTILINE)
_TICK_US: Final = 1_000_000 // RATE
_ABOUT: Final = RATE // 5
_MARKER: Final = 0x80
# A busy machine puts a process aside between the time that it notes and the packet that it sends.
_PUT_ASIDE_US: Final = PACKET_MS * 1000
Kind = TypeVar("Kind", bound=Event)


def notice(name: str = "notice-en") -> Signal:
    """The sound of a built-in prompt, as a telephone has it."""
    samples, rate = soundfile.read(FOLDER / f"{name}.flac", dtype="float64")
    wide = np.fft.rfft(samples)
    count = len(samples) * RATE // rate
    return np.asarray(np.fft.irfft(wide[: count // 2 + 1], count), np.float64)


@dataclass(frozen=True, slots=True)
class Ports:
    """The node's two ports of a call: that of the caller, that of the callee."""

    caller: int
    callee: int

    @classmethod
    def of(cls, call: Call) -> "Ports":
        """As the caller was told, as the callee was offered."""
        return cls(_told(call.scene()), _told(call.callee_scene()))


def _told(scene: Scene) -> int:
    """The port that the node names first, waited for: the witness writes a moment later."""

    def find() -> int | None:
        lines = (_PORT.search(m.text) for m in scene.messages() if m.from_server)
        return next((int(line[1]) for line in lines if line is not None), None)

    return until(find, "a port of the node")


@dataclass(frozen=True)
class Kept:
    """A recorded call beside what the witness saw of it."""

    call: Call
    recorded: Recorded
    ports: Ports
    events: tuple[Event, ...]

    @classmethod
    def of(cls, call: Call) -> "Kept":
        """The recording of a call that is over, waited for."""
        recorded = call.recorded()
        events = _events(recorded)
        ports = {e.label: e.local_port for e in events if isinstance(e, StreamAdded)}
        return cls(call, recorded, Ports(ports["caller"], ports["callee"]), events)

    def all(self, kind: type[Kind]) -> list[Kind]:
        """The events of a kind, in order."""
        return [event for event in self.events if isinstance(event, kind)]

    def fates(self) -> list[tuple[str, str]]:
        """What the ledger has of it, as one that was recorded and among those that were not."""
        server, own = self.call.node.server, self.recorded.row["recording"]
        every = (
            row
            for only in ((), ("--without-recording",))
            for row in server.rows("calls", "ledger", *only, *self.call.window)
        )
        return [(row["fate"], row["reason"]) for row in every if row["recording"] == own]

    def silent_from(self, at_us: int) -> None:
        """No lane has a sample behind this moment, to the BYE that the witness saw.

        But for the rest of a packet of ours that had left before.
        """
        (opened,) = self.all(CallOpened)
        byes = [d.at_us for d in self._wire if d.payload.startswith(b"BYE ")]
        long_us = len(self.audio) * _TICK_US
        assert abs(opened.at_us + long_us - min(byes)) <= _PUT_ASIDE_US
        assert not self.audio[(at_us - opened.at_us) // _TICK_US + PACKET_SAMPLES :].any()
        kept = [d for d in self._exported if d.at_us >= at_us]
        assert not kept, kept

    @property
    def began_us(self) -> int:
        """Since when what is said is kept."""
        (began,) = self.all(RecordingBegan)
        return began.at_us

    @cached_property
    def audio(self) -> Samples:
        """All lanes."""
        return self.recorded.audio()

    def hears(self, lane: int, said: Signal) -> bool:
        """Whether a lane has this."""
        return bool(find(self.audio[:, lane].astype(np.float64), said))

    @cached_property
    def _exported(self) -> list[Datagram]:
        return self.recorded.datagrams()

    @cached_property
    def _wire(self) -> list[Datagram]:
        begin_us = self.call.since.timestamp() * 1_000_000
        return [d for d in self.call.node.witness.seen() if d.is_udp and d.at_us >= begin_us]

    @property
    def _over_us(self) -> int:
        """When the node says that the call ended."""
        (ended,) = self.all(CallEnded)
        return ended.at_us

    def received(self, port: int) -> list[Datagram]:
        """What came to a port from a party and is kept."""
        home = self.call.node.server.bind
        return [d for d in self._exported if d.target.port == port and d.source.host != home]

    def arrived(self, port: int) -> list[Datagram]:
        """What the witness saw come to a port, from the first on."""
        return [d for d in self._wire if d.target.port == port]

    def sent(self, to: str, begin: datetime, end: datetime) -> list[Datagram]:
        """What left for a party meanwhile, as the witness saw it."""
        port, home = getattr(self.ports, to), self.call.node.server.bind
        first_us, last_us = (round(moment.timestamp() * 1_000_000) for moment in (begin, end))
        return [
            d for d in self._wire
            if (d.source.host, d.source.port) == (home, port) and first_us <= d.at_us <= last_us
        ]  # fmt: skip

    def nothing_from_before(self) -> None:
        """Everything that arrived since recording began is in the file, and nothing before it."""
        for port in (self.ports.caller, self.ports.callee):
            arrived, ours = self.arrived(port), self.received(port)
            assert ours, "nothing is kept, which proves nothing"
            run, keys = len(ours), self._key_types(port)
            kept, came = ([_kept(d, keys) for d in each] for each in (ours, arrived))
            first = next((n for n in range(len(came)) if came[n : n + run] == kept), None)
            assert first is not None, f"what is kept of port {port} is not what came"
            assert arrived[first].at_us >= self.began_us - STAMP_TOLERANCE_US
            before, after = arrived[:first], arrived[first + run :]
            assert not before or before[-1].at_us <= self.began_us + STAMP_TOLERANCE_US
            over_us = self._over_us - STAMP_TOLERANCE_US
            missing = [d.at_us - self._over_us for d in after if d.at_us < over_us]
            assert not missing, f"the end is missing: {missing} µs"

    def _key_types(self, port: int) -> frozenset[int]:
        """The payload types of keys at a port."""
        return frozenset(
            form.payload_type
            for stream in self.all(StreamAdded)
            if stream.local_port == port
            for form in stream.formats
            if form.encoding.lower() == "telephone-event"
        )

    def voices_in_place(self) -> None:
        """Customer left, agent right, each to the sample where the witness has it; else silence."""
        (opened,) = self.all(CallOpened)
        for lane, port in self._lanes:
            seen = self._seen_of(port)
            heard_in_place(self.audio[:, lane], stretches(_steady(seen), port), opened.at_us)

    @property
    def _lanes(self) -> tuple[tuple[int, int], tuple[int, int]]:
        """Each party's lane and port: the customer calls, or is called from inside."""
        (taken,) = self.all(RouteTaken)
        ports = (self.ports.caller, self.ports.callee)
        customer, agent = reversed(ports) if taken.direction == "outbound" else ports
        return (CUSTOMER, customer), (AGENT, agent)

    def _seen_of(self, port: int) -> list[Datagram]:
        """What the witness saw come to a port and is kept."""
        ours = {(d.source, d.payload) for d in self.received(port)}
        return [d for d in self._wire if d.target.port == port and (d.source, d.payload) in ours]

    def in_their_time(self, *, sealed: Collection[str] = ()) -> None:
        """A second of each telephone's voice lies where the witness saw it sent, to two packets.

        So do both to each other. What a side `sealed` by SRTP the witness could not read.
        """
        (opened,) = self.all(CallOpened)
        unread = {getattr(self.ports, side) for side in sealed}
        for lane, port in self._lanes:
            if port in unread:
                continue
            longest = max(stretches(self._seen_of(port), port), key=lambda each: len(each.samples))
            said = longest.samples[:RATE].astype(np.float64)
            assert len(said) == RATE, "no second of it is without a gap"
            near = (longest.begin_us - opened.at_us) // _TICK_US
            begin = max(0, near - _ABOUT)
            heard = self.audio[begin : near + RATE + _ABOUT, lane].astype(np.float64)
            found = find(heard, said)
            assert found, f"it is not within {_ABOUT} samples of {near}"
            assert abs(begin + found.at_s * RATE - near) <= 2 * PACKET_SAMPLES

    def _sounds(self, port: int) -> list[list[Datagram]]:
        """What left a port, parted where a marker says that another sound begins."""
        sent = [
            d for d in self._wire
            if d.source.port == port and not is_report_type(d.payload[1])
        ]  # fmt: skip
        begins = [n for n, each in enumerate(sent) if each.payload[1] & _MARKER]
        assert begins, "nothing left"
        return [sent[at:end] for at, end in pairwise([*begins, len(sent)])]

    def notice_is_true(
        self, to: str = "caller", *, outcome: str = "complete", is_killed: bool = False
    ) -> NoticePlayed:
        """What is said of a party's notice is what the witness saw leave for it.

        Of the last packet of a relay that `is_killed` its successor knows the number alone.
        """
        (said,) = [event for event in self.all(NoticePlayed) if event.to == to]
        port = self.ports.caller if to == "caller" else self.ports.callee
        left = min(self._sounds(port), key=lambda each: abs(each[0].at_us - said.from_us))
        unsent = said.packets - len(left)
        assert (said.outcome, 0 <= unsent <= is_killed) == (outcome, True), (said, len(left))
        assert said.sent_ms == said.packets * PACKET_MS
        assert (said.sent_ms == said.whole_ms) == (outcome == "complete")
        until_us = said.until_us - unsent * PACKET_MS * 1000
        for at_us, seen in ((said.from_us, left[0]), (until_us, left[-1])):
            late_us = seen.at_us - at_us
            assert -STAMP_TOLERANCE_US <= late_us <= _PUT_ASIDE_US, (said, late_us)
        return said


def _steady(seen: list[Datagram]) -> list[Datagram]:
    """Each when it would have come had its sender, a thread of ours, never been late.

    All have one source, whose timestamps go on in silence too.
    """
    ticks = [int.from_bytes(d.payload[4:8]) for d in seen]
    first = min(d.at_us - tick * _TICK_US for d, tick in zip(seen, ticks, strict=True))
    return [replace(d, at_us=first + t * _TICK_US) for d, t in zip(seen, ticks, strict=True)]


def _kept(datagram: Datagram, keys: frozenset[int]) -> tuple[Place, bytes]:
    """What of a datagram may be kept: of keys, header and length."""
    source, payload = datagram.source, datagram.payload
    if payload[1] & 0x7F in keys:
        payload = payload[:HEADER_BYTES] + bytes([MASK]) * (len(payload) - HEADER_BYTES)
    return source, payload


def _events(recorded: Recorded) -> tuple[Event, ...]:
    """What the file says happened."""
    config = load(recorded.server.configuration)
    engine, keys = open_catalog(config), open_keys(config, "api")
    recording = RecordingId.parse(recorded.row["recording"])
    ask = Ask(access=local_access(), target=recording, detail={})
    granted = grant(engine, ExportGrant, ask)
    with reading(engine) as connection:
        (found,) = stored(connection, recording, granted)
    with open_recording(config.archive.path, keys, found, granted) as reader:
        return tuple(reader.events())
