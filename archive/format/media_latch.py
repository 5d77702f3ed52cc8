"""Whose packets are heard on a stream that anybody can send to: the rule of ADR 29.

Pure, packet by packet; capture flags by it and readers hear by it. Knows nothing of sockets,
frames, or who is told.
"""

import ipaddress
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import Final, NamedTuple

from archive.call.event_values import LatchRule
from archive.format.packets import Source

# Who guesses a port sends a packet or two, or a burst; a phone sends 50 a second.
STEADY_PACKETS: Final = 4
STEADY_US: Final = 50_000
# So long is waited for who is heard; so long, too, another may take its place after it was told
# to be elsewhere.
SILENT_US: Final = 2_000_000
# Others who are counted at a time; of one, packets that nobody knows yet whether to hear.
MAX_CANDIDATES: Final = 16
MAX_UNDECIDED: Final = 64
_NEAREST: Final = 2
_ADDRESS_BYTES: Final = 16
_V4_IN_V6: Final = bytes(10) + b"\xff\xff"


class Sender(NamedTuple):
    """Who sends: from where, and under which SSRC."""

    source: Source
    ssrc: int


class Verdict(Enum):
    """What becomes of a packet; `UNDECIDED`: heard if its sender comes to be heard from it on."""

    HEARD = auto()
    ASIDE = auto()
    UNDECIDED = auto()


@dataclass(frozen=True, slots=True)
class Place:
    """Where a description says that its author is; an address of b"" is none."""

    address: bytes = b""
    port: int = 0

    @classmethod
    def of(cls, host: str, port: int) -> "Place":
        """A host as a description writes it; a name is no address here."""
        try:
            packed = ipaddress.ip_address(host).packed
        except ValueError:
            return cls()
        return cls(packed if len(packed) == _ADDRESS_BYTES else _V4_IN_V6 + packed, port)

    def rank(self, source: Source) -> int:
        """2 at this address and port, 1 at this address, 0 elsewhere."""
        return (source.address == self.address) * (1 + (source.port == self.port))


def host_of(address: bytes) -> str:
    """16 bytes of an address as people write it."""
    found = ipaddress.IPv6Address(address)
    return str(found.ipv4_mapped or found)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sender with the keys and times (µs, of a clock that is never set) of its packets.

    `since` is the key of the packet that `packets` counts from. Once it is steady it is heard from
    there, or, where it has not `waited` for who was heard to say nothing more, from then on.
    """

    sender: Sender
    since: int
    first_us: int
    last_us: int
    packets: int = 1
    has_waited: bool = True

    @property
    def is_steady(self) -> bool:
        """Whether it has sent as a phone does."""
        return self.packets >= STEADY_PACKETS and self.last_us - self.first_us >= STEADY_US

    def after(self, key: int, at_us: int) -> "Candidate":
        """With one packet more; a burst begins again."""
        last_us = max(at_us, self.last_us)
        if self.packets >= MAX_UNDECIDED and last_us - self.first_us < STEADY_US:
            return replace(self, since=key, first_us=last_us, last_us=last_us, packets=1)
        return replace(self, last_us=last_us, packets=self.packets + 1)


class Opening(Enum):
    """What the next packet begins: with `MOVED` the time in which another may take the place.

    With `TAKEN_OVER` the silence of who was heard before this latch was there.
    """

    NONE = auto()
    TAKEN_OVER = auto()
    MOVED = auto()


@dataclass(frozen=True, slots=True)
class Latch:
    """Whom a stream hears; a step returns the next one.

    `aside` counts packets that were kept aside, one within 2 s of the other.
    """

    rule: LatchRule
    place: Place = Place()
    heard: Candidate | None = None
    candidates: tuple[Candidate, ...] = ()
    opening: Opening = Opening.NONE
    open_until_us: int = 0
    aside: int = 0
    aside_us: int = 0

    @classmethod
    def taken_over(cls, rule: LatchRule, place: Place, sender: Sender) -> "Latch":
        """One that goes on where another left off, which heard this sender."""
        steady = Candidate(sender, 0, -STEADY_US, 0, STEADY_PACKETS)
        return cls(rule, place, steady, opening=Opening.TAKEN_OVER)

    @property
    def is_crowded(self) -> bool:
        """Whether somebody sends beside who is heard, steadily enough to be told of."""
        return self.aside > STEADY_PACKETS

    def describe(self, rule: LatchRule, place: Place) -> "Latch":
        """What a description says; who is told to be elsewhere may be followed by another."""
        if (rule, place) == (self.rule, self.place):
            return self
        later = replace(self, rule=rule, place=place)
        if later.heard is None or not later.allows(later.heard.sender):
            return replace(later, heard=None, candidates=())
        is_there = place.rank(later.heard.sender.source) == _NEAREST
        return later if is_there else replace(later, opening=Opening.MOVED)

    def allows(self, sender: Sender) -> bool:
        """Whether the rule lets this sender be heard at all."""
        if self.rule != "signalled" or not self.place.address:
            return True
        return self.place.rank(sender.source) > 0

    def hear(self, sender: Sender, key: int, at_us: int) -> tuple["Latch", Verdict]:
        """Judge a packet. `key` grows from packet to packet, `at_us` is when it arrived."""
        now = self._opened(at_us)
        heard = now.heard
        if heard is not None and sender == heard.sender:
            return now._go_on(heard, at_us), Verdict.HEARD
        if not self.allows(sender):
            return now._set_aside(1, at_us), Verdict.ASIDE
        if heard is None:
            return now._heard_anew(Candidate(sender, key, at_us, at_us)), Verdict.HEARD
        if self._follows(heard, sender, at_us) or now._may_oust(heard, sender, at_us):
            return now._consider(sender, key, at_us)
        return now._set_aside(1, at_us), Verdict.ASIDE

    def kept(self, at_us: int, packets: int) -> "Latch":
        """After so many packets of who is heard alone, the last of them at `at_us`."""
        assert self.heard is not None
        heard = replace(
            self.heard,
            last_us=max(at_us, self.heard.last_us),
            packets=min(self.heard.packets + packets, MAX_UNDECIDED),
        )
        return replace(self, heard=heard)

    @property
    def is_settled(self) -> bool:
        """Whether nothing changes while who is heard alone sends."""
        return (
            self.heard is not None
            and self.heard.is_steady
            and not self.candidates
            and self.opening is Opening.NONE
        )

    def _opened(self, at_us: int) -> "Latch":
        if self.opening is Opening.NONE:
            return self
        until_us = at_us + SILENT_US if self.opening is Opening.MOVED else self.open_until_us
        heard = self.heard and replace(
            self.heard, first_us=min(self.heard.first_us, at_us - STEADY_US), last_us=at_us
        )
        return replace(self, heard=heard, opening=Opening.NONE, open_until_us=until_us)

    def _follows(self, heard: Candidate, sender: Sender, at_us: int) -> bool:
        """Whether it is who is heard under another SSRC, or comes after its silence."""
        return sender.source == heard.sender.source or at_us - heard.last_us >= SILENT_US

    def _may_oust(self, heard: Candidate, sender: Sender, at_us: int) -> bool:
        """Whether it may take the place of who is heard and still sends."""
        its, own = self.place.rank(sender.source), self.place.rank(heard.sender.source)
        is_open = at_us < self.open_until_us or not heard.is_steady
        return its > own or (is_open and its == own)

    def _go_on(self, heard: Candidate, at_us: int) -> "Latch":
        """Who is heard sends on: who waited for its silence has waited in vain."""
        if not self.candidates:
            return replace(self, heard=heard.after(heard.since, at_us))
        beside = tuple(
            replace(each, has_waited=False)
            for each in self.candidates
            if self._may_oust(heard, each.sender, at_us)
        )
        later = self._without(self.candidates, at_us)
        return replace(later, heard=heard.after(heard.since, at_us), candidates=beside)

    def _consider(self, sender: Sender, key: int, at_us: int) -> tuple["Latch", Verdict]:
        """Count a packet of another sender; it takes the place once it is steady."""
        found = next((each for each in self.candidates if each.sender == sender), None)
        new = Candidate(sender, key, at_us, at_us)
        candidate = new if found is None else found.after(key, at_us)
        if candidate.is_steady:
            since = candidate.since if candidate.has_waited else key
            return self._heard_anew(replace(candidate, since=since)), Verdict.HEARD
        others = tuple(each for each in self.candidates if each.sender != sender)
        gone = others[: max(0, len(others) - MAX_CANDIDATES + 1)]
        if found is not None and candidate.since != found.since:
            gone = (*gone, found)
        later = self._without(gone, at_us)
        later = replace(later, candidates=(*others[-(MAX_CANDIDATES - 1) :], candidate))
        if candidate.has_waited:
            return later, Verdict.UNDECIDED
        return later._set_aside(1, at_us), Verdict.ASIDE

    def _heard_anew(self, candidate: Candidate) -> "Latch":
        """Another is heard; whoever else waited has waited in vain."""
        others = tuple(each for each in self.candidates if each.sender != candidate.sender)
        later = self._without(others, candidate.last_us)
        return replace(later, heard=candidate, candidates=(), open_until_us=0)

    def _without(self, gone: tuple[Candidate, ...], at_us: int) -> "Latch":
        """What these have sent while they waited is heard no more."""
        waited = sum(each.packets for each in gone if each.has_waited)
        return self._set_aside(waited, at_us) if waited else self

    def _set_aside(self, packets: int, at_us: int) -> "Latch":
        lasts = at_us - self.aside_us < SILENT_US
        return replace(self, aside=(self.aside if lasts else 0) + packets, aside_us=at_us)
