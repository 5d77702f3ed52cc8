"""The legs of a recording: who stayed in it from when to when, worked out from its events alone.

Pure. Knows nothing of the catalog, of agents' tables or of who called whom.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, Literal

from archive.call.event_values import is_guess
from archive.call.events import (
    Event,
    NameId,
    ParticipantChanged,
    Side,
    SideBecause,
    StreamAdded,
    StreamChanged,
    StreamPartyKnown,
    StreamRemoved,
)
from archive.call.numbers import Number, party_number

Way = Literal["sends", "receives"]
Because = SideBecause | Literal["", "agent_table", "correction"]
_COMES: Final = frozenset({"joined", "transferred"})
_INACTIVE: Final = "inactive"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """Which side a leg is on, and what that was decided from; "" where nothing was."""

    side: Side = "unknown"
    because: Because = ""

    @property
    def is_guessed(self) -> bool:
        """Whether it is a side on which nothing says that anybody is."""
        return self.side in {"customer", "agent"} and is_guess(self.because)


@dataclass(frozen=True, slots=True, kw_only=True)
class LegAddress:
    """One address of who stays, as received, and its number."""

    aor: str
    number: Number


@dataclass(frozen=True, slots=True, order=True)
class LegStream:
    """A stream on which who stays speaks, or hears."""

    stream: int
    way: Way


@dataclass(frozen=True, slots=True, kw_only=True)
class LegFacts:
    """A participant's stay in a recording, with all names (text, language); times in µs UTC.

    `participant` is "" where nobody is known to speak on the stream. `instead_of` is the
    participant in whose place this one came, "" for none.
    """

    participant: str
    addresses: tuple[LegAddress, ...]
    names: tuple[tuple[str, str], ...]
    decided: Decided
    streams: tuple[LegStream, ...]
    from_us: int
    until_us: int
    instead_of: str = ""


@dataclass(slots=True)
class _Described:
    name_ids: tuple[NameId, ...] = ()
    decided: Decided = field(default_factory=Decided)

    def take(self, event: StreamPartyKnown | ParticipantChanged) -> None:
        """What an event says goes before what was known; what it leaves out stays."""
        told = event.name_ids
        if not told and event.aor:
            names = event.names if isinstance(event, StreamPartyKnown) else ()
            told = (NameId(event.aor, names),)
        elif not told and isinstance(event, StreamPartyKnown) and event.names:
            told = (NameId("", event.names),)
        if told and not _says_less(told, self.name_ids):
            self.name_ids = told
        if event.because and not (isinstance(event, StreamPartyKnown) and event.also):
            self._decide(Decided(side=event.side, because=event.because))

    def _decide(self, told: Decided) -> None:
        """The last word of evidence; of guesses the first, and none in the place of evidence."""
        if not is_guess(told.because) or not self.decided.because:
            self.decided = told


@dataclass(slots=True)
class _Stay:
    """A leg being read; `entry` counts stays as they began.

    `announced_us`: it was said to join, so that it lasts until it leaves; when, by the client's
    clock, 0 if untold. It speaks on `speaks` now, `streams` are all that there were.
    """

    participant: str
    from_us: int
    entry: int
    announced_us: int | None = None
    described: _Described = field(default_factory=_Described)
    streams: set[LegStream] = field(default_factory=set)
    speaks: set[int] = field(default_factory=set)
    instead_of: str = ""

    def announce(self, told_us: int) -> None:
        self.announced_us = told_us or self.announced_us or 0

    def speak(self, stream: int) -> None:
        self.speaks.add(stream)
        self.streams.add(LegStream(stream, "sends"))


def _says_less(told: tuple[NameId, ...], known: tuple[NameId, ...]) -> bool:
    """Is it an address alone that is known with its names already?"""
    return all(not each.names and any(each.aor == other.aor for other in known) for each in told)


class Legs:
    """The stays of a recording's participants, as the events come by."""

    def __init__(self, country: str) -> None:
        self._country = country
        self._present: dict[str, _Stay] = {}
        # A stream on which nobody is known to speak is somebody's all the same.
        self._nameless: dict[int, _Stay] = {}
        # Who was there by his voice alone, and when it fell silent: heard on another stream at the
        # same moment, he has never left.
        self._hushed: dict[str, tuple[_Stay, int]] = {}
        self._played: set[int] = set()
        self._gone: set[str] = set()
        # Nobody has spoken on these yet: they have been inactive since they began.
        self._silent: set[int] = set()
        # The first guess of somebody's side stays for the call, however often he comes.
        self._guessed: dict[str, Decided] = {}
        self._entries = 0
        self._over: list[tuple[int, LegFacts]] = []
        self._removed: list[tuple[int, LegFacts]] = []

    def feed(self, event: Event) -> None:
        match event:
            case StreamAdded(direction="sendonly", stream=stream):
                self._played.add(stream)
            case StreamAdded(stream=stream):
                self._of_nobody(stream, event.at_us).speak(stream)
                if event.direction == _INACTIVE:
                    self._silent.add(stream)
            case StreamChanged(stream=stream) if event.direction != _INACTIVE:
                self._opened(stream, event.at_us)
            case StreamPartyKnown(stream=stream) if stream not in self._played:
                self._spoken(event)
            case ParticipantChanged():
                self._changed(event)
            case StreamRemoved():
                self._silenced(event.stream, event.at_us)
            case _:
                pass

    def close(self, at_us: int) -> tuple[LegFacts, ...]:
        """All legs, oldest first; who is still there stays until `at_us`.

        A stream that was taken away before anybody was known to speak on it is nobody's stay where
        there are others.
        """
        for stay in (*self._present.values(), *self._nameless.values()):
            self._leave(stay, at_us)
        for stay, hushed_us in self._hushed.values():
            self._leave(stay, hushed_us)
        self._present, self._nameless, self._hushed = {}, {}, {}
        found = self._over or self._removed
        found.sort(key=lambda each: (each[1].from_us, each[0]))
        return tuple(leg for _, leg in found)

    def _spoken(self, event: StreamPartyKnown) -> None:
        if not event.participant:
            self._unnamed(event)
            return
        # A client may name who has left until another one speaks there.
        speaking = [who for who in (event.participant, *event.also) if who not in self._gone]
        if not speaking:
            return
        self._hush(event.stream, event.at_us, but=set(speaking))
        nameless = self._nameless.pop(event.stream, None)
        for participant in speaking:
            stay = self._of(participant, event.at_us)
            if nameless is not None and event.stream not in self._silent:
                # Named late: it is his stream since it began, or since he came, where that is told.
                stay.from_us = min(stay.from_us, max(nameless.from_us, stay.announced_us or 0))
            stay.speak(event.stream)
        if event.participant in speaking:
            self._described(self._present[event.participant], event)

    def _opened(self, stream: int, at_us: int) -> None:
        """A stream that was inactive until now is somebody's from now on."""
        if stream in self._silent and stream in self._nameless:
            self._nameless[stream].from_us = at_us
        self._silent.discard(stream)

    def _unnamed(self, event: StreamPartyKnown) -> None:
        """Nobody is known to speak here, or nobody any more."""
        self._hush(event.stream, event.at_us, but=set())
        stay = self._of_nobody(event.stream, event.at_us)
        stay.speak(event.stream)
        stay.described.take(event)

    def _hush(self, stream: int, at_us: int, *, but: set[str]) -> None:
        """Who spoke on a stream does so no more; who was there by his voice alone has left."""
        for stay in list(self._present.values()):
            if stream in stay.speaks and stay.participant not in but:
                stay.speaks.discard(stream)
                if stay.announced_us is None and not stay.speaks:
                    self._hushed[stay.participant] = (self._present.pop(stay.participant), at_us)

    def _changed(self, event: ParticipantChanged) -> None:
        if event.what == "left":
            self._left(event)
            return
        if event.what not in _COMES and event.participant not in self._present:
            return
        self._gone.discard(event.participant)
        self._replaced(event)
        stay = self._of(event.participant, event.at_us)
        stay.announce(event.told_us)
        self._described(stay, event)
        if event.what == "transferred":
            stay.instead_of = event.instead_of
        for stream in event.speaks:
            if not self._is_anothers(stream, stay):
                stay.speak(stream)
        stay.streams |= {LegStream(stream, "receives") for stream in event.hears}

    def _left(self, event: ParticipantChanged) -> None:
        stay = self._present.pop(event.participant, None)
        self._gone.add(event.participant)
        if stay is not None:
            self._leave(stay, event.at_us)

    def _replaced(self, event: ParticipantChanged) -> None:
        """Whose place is taken has left, unless it was he himself by another id."""
        if event.instead_of in self._guessed:
            self._guessed.setdefault(event.participant, self._guessed[event.instead_of])
        former = self._present.pop(event.instead_of, None)
        if former is None:
            return
        if event.what == "joined":
            self._present[event.participant] = former
            former.participant = event.participant
        else:
            self._leave(former, event.at_us)

    def _is_anothers(self, stream: int, stay: _Stay) -> bool:
        """Does somebody else speak there? Who follows him is told when the stream has passed on."""
        return any(stream in each.speaks for each in self._present.values() if each is not stay)

    def _described(self, stay: _Stay, event: StreamPartyKnown | ParticipantChanged) -> None:
        stay.described.take(event)
        decided = stay.described.decided
        if not is_guess(decided.because):
            self._guessed.pop(stay.participant, None)
        elif decided.because:
            self._guessed.setdefault(stay.participant, decided)

    def _silenced(self, stream: int, at_us: int) -> None:
        nameless = self._nameless.pop(stream, None)
        if nameless is not None:
            self._removed.append((nameless.entry, self._leg(nameless, at_us)))
        self._hush(stream, at_us, but=set())

    def _leave(self, stay: _Stay, at_us: int) -> None:
        self._over.append((stay.entry, self._leg(stay, at_us)))

    def _of(self, participant: str, at_us: int) -> _Stay:
        if participant not in self._present:
            self._present[participant] = self._heard_on(participant, at_us)
        return self._present[participant]

    def _heard_on(self, participant: str, at_us: int) -> _Stay:
        """The stay that has fallen silent at this moment, or a new one."""
        stay, hushed_us = self._hushed.pop(participant, (None, 0))
        if stay is not None and hushed_us == at_us:
            return stay
        if stay is not None:
            self._leave(stay, hushed_us)
        return self._begun(participant, at_us)

    def _of_nobody(self, stream: int, at_us: int) -> _Stay:
        if stream not in self._nameless:
            self._nameless[stream] = self._begun("", at_us)
        return self._nameless[stream]

    def _begun(self, participant: str, at_us: int) -> _Stay:
        self._entries += 1
        stay = _Stay(participant, at_us, self._entries)
        stay.described.decided = self._guessed.get(participant, stay.described.decided)
        return stay

    def _leg(self, stay: _Stay, at_us: int) -> LegFacts:
        name_ids = stay.described.name_ids
        names = ((name.text, name.language) for each in name_ids for name in each.names)
        return LegFacts(
            participant=stay.participant,
            addresses=tuple(_addresses(name_ids, self._country)),
            names=tuple(dict.fromkeys(names)),
            decided=stay.described.decided,
            streams=tuple(sorted(stay.streams)),
            from_us=stay.from_us,
            until_us=max(stay.from_us, at_us),
            instead_of=stay.instead_of,
        )


def _addresses(name_ids: Iterable[NameId], country: str) -> Iterable[LegAddress]:
    """Each address once, with its number: of two that say the same number the first."""
    seen: set[str] = set()
    for each in name_ids:
        number = party_number(each.aor, tuple(name.text for name in each.names), country)
        if (number.raw or each.aor) not in seen:
            seen.add(number.raw or each.aor)
            yield LegAddress(aor=each.aor, number=number)


def legs_of(events: Iterable[Event], country: str, ended_us: int) -> tuple[LegFacts, ...]:
    """The legs that events in their order tell of, until `ended_us` (µs UTC) at the latest."""
    legs = Legs(country)
    for event in events:
        legs.feed(event)
    return legs.close(ended_us)


def changes_in(told: Iterable[Event]) -> tuple[ParticipantChanged, ...]:
    """Who came and went; that one who is there was described anew is no change."""
    there: set[str] = set()
    found: list[ParticipantChanged] = []
    for each in told:
        if not isinstance(each, ParticipantChanged):
            continue
        if each.what == "joined" and {each.participant, each.instead_of} & there:
            there.add(each.participant)
            continue
        if each.what == "left":
            there.discard(each.participant)
        else:
            there.add(each.participant)
        found.append(each)
    return tuple(found)
