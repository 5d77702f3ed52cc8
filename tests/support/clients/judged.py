"""What Rokuon tells of a client's call beside what is true of it: every difference in words.

Sound is judged by the tone in the middle of each second of the exported WAV.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from tests.support.clients.desk import Row, Told
from tests.support.clients.documents import Person
from tests.support.clients.moments import us
from tests.support.clients.scene import Stay, Truth

NEAR_S: Final = 0.7
# Marks of a guess, and of what is seen at the edges, are judged for themselves.
_FREE_FLAGS: Final = frozenset({"side_guessed", "call_inferred"})


@dataclass(frozen=True)
class Judged:
    """One recording: `begun_us` is when the call's seconds begin, `ended_us` when it hung up."""

    truth: Truth
    told: Told
    begun_us: int
    ended_us: int

    def faults(self) -> list[str]:
        """All that is wrong."""
        return [*self._people(), *self._sound(), *self._silence(), *self._holds(), *self._end()]

    def _at(self, text: str) -> float:
        """A time that is told, in seconds of the call."""
        return (us(text) - self.begun_us) / 1e6

    # -- who ------------------------------------------------------------------------------------

    def _people(self) -> Iterator[str]:
        for who in dict.fromkeys(stay.who for stay in self.truth.stays):
            stays = [each for each in self.truth.stays if each.who == who]
            legs = [leg for leg in self.told.legs if leg["participant"] in stays[0].own_ids]
            yield from self._times(stays, legs)
            yield from self._side(who, legs)
            yield from self._unfound(who)
            shown = {each["as_received"] for leg in legs for each in leg["numbers"]}
            if who.number and who.number not in shown | {each.strip("<>") for each in shown}:
                yield f"{who.id}: {who.number} is not among {shown}"
        if self.told.course["direction"] not in {self.truth.direction, "unknown"}:
            yield f"direction {self.told.course['direction']}, not {self.truth.direction}"

    def _times(self, stays: Sequence[Stay], legs: Sequence[Row]) -> Iterator[str]:
        told = [(self._at(leg["start_at"]), self._at(leg["end_at"])) for leg in legs]
        begin = self._at(self.told.course["started_at"])
        end = self._at(self.told.course["ended_at"])
        true = [
            (each.from_s or begin, end if each.until_s is None else each.until_s) for each in stays
        ]
        is_near = len(told) == len(true) and all(
            abs(a - b) < NEAR_S
            for own, other in zip(told, true, strict=True)
            for a, b in zip(own, other, strict=True)
        )
        if not is_near:
            yield f"{stays[0].who.id}: stays {_rounded(told)}, was there {_rounded(true)}"

    def _side(self, who: Person, legs: Sequence[Row]) -> Iterator[str]:
        for leg in legs:
            is_marked = leg["side_guessed"] or leg["side"] == "unknown"
            if not is_marked and leg["side"] != who.side:
                yield f"{who.id}: side {leg['side']} by {leg['side_because']}, is {who.side}"

    def _unfound(self, who: Person) -> Iterator[str]:
        number = who.number.lstrip("+")
        if number and not self.told.is_found_by(
            self.begun_us, {"kind": "number", "value": who.number}
        ):
            yield f"{who.id}: not found by {who.number}"
        for name in who.names:
            clues = [{"kind": kind, "value": name} for kind in ("agent", "customer")]
            if not self.told.is_found_by(self.begun_us, *clues):
                yield f"{who.id}: not found by {name!r}"

    # -- what is heard --------------------------------------------------------------------------

    def _sound(self) -> Iterator[str]:
        tones = {each.who.hertz for each in self.truth.speech}
        for second in range(int(self.truth.until_s)):
            heard = self.told.heard(self.begun_us, second, tones)
            speaking = self._speaking(second)
            if self.truth.is_open:
                yield from self._open(second, heard, {who.hertz for who in speaking})
                continue
            told: list[set[int]] = [set() for _ in heard]
            for who in speaking:
                lanes = self._lanes_of(who, second)
                for lane in lanes:
                    told[lane].add(who.hertz)
                if not any(who.hertz in heard[lane] for lane in lanes):
                    yield f"second {second}: {who.id} is not heard on his lanes {lanes}"
            yield from self._shared(second, told)
            # On which of his streams one speaks when is not told: he may be silent on some of them.
            if not all(own <= known for own, known in zip(heard, told, strict=True)):
                yield f"second {second}: heard {self._named(heard)}, told {self._named(told)}"

    def _shared(self, second: int, told: list[set[int]]) -> Iterator[str]:
        """Two people on a lane that is no mix: one of them is told to speak on another's stream."""
        for channel, tones in zip(self.told.channels, told, strict=True):
            if len(tones) > 1 and not channel["mixed"]:
                yield f"second {second}: {self._named([tones])} on the lane of one"

    def _open(self, second: int, heard: list[set[int]], speaking: set[int]) -> Iterator[str]:
        """Nobody is known to speak: each tone is on one lane, and no lane is anybody's."""
        if sorted(hertz for lane in heard for hertz in lane) != sorted(speaking):
            yield f"second {second}: {self._named(heard)} is heard"
        if any(each["participant"] for each in self.told.channels):
            yield f"lanes of {[each['participant'] for each in self.told.channels]}"

    def _speaking(self, second: int) -> list[Person]:
        return [
            each.who
            for each in self.truth.speech
            if each.from_s <= second and second + 1 <= each.until_s
        ]

    def _lanes_of(self, who: Person, second: int) -> list[int]:
        """His by name; whoever has none is on those of the streams on which he is told to speak."""
        channels = self.told.channels
        if self.truth.is_open:
            return list(range(len(channels)))
        ids = {i for each in self.truth.stays if each.who == who for i in each.own_ids}
        named = [n for n, each in enumerate(channels) if ids & {each["participant"], *each["also"]}]
        streams = self._streams_of(who, second)
        return named or [n for n, each in enumerate(channels) if streams & self._streams_on(each)]

    def _streams_of(self, who: Person, second: int) -> set[int]:
        ids = {i for each in self.truth.stays if each.who == who for i in each.own_ids}
        return {
            stream
            for leg in self.told.legs
            if leg["participant"] in ids
            and self._at(leg["start_at"]) - NEAR_S < second + 0.5 < self._at(leg["end_at"]) + NEAR_S
            for stream in leg["speaks"]
        }

    def _streams_on(self, channel: Row) -> set[int]:
        people = {channel["participant"], *channel["also"]}
        return {s for leg in self.told.legs if leg["participant"] in people for s in leg["speaks"]}

    def _named(self, lanes: list[set[int]]) -> list[list[str]]:
        names = {each.who.hertz: each.who.id for each in self.truth.speech}
        return [sorted(names[hertz] for hertz in lane) for lane in lanes]

    # -- silence --------------------------------------------------------------------------------

    def _silence(self) -> Iterator[str]:
        gaps = [
            (self._at(g["start_at"]), self._at(g["end_at"]), {g["stream"]}, g["participant"])
            for g in self.told.course["gaps"] or ()
        ]
        told = gaps + [
            (self._at(h["start_at"]), self._at(h["end_at"]), set(h["streams"]), h["participant"])
            for h in self.told.course["holds"]
        ]
        for second in range(int(self.truth.until_s)):
            for stay in self._there(second):
                streams = self._streams_of(stay.who, second)
                own = [
                    (a, b)
                    for a, b, on, name in told
                    if (on & streams or name in stay.own_ids) and a < second + 0.5 < b
                ]
                others = any(self._streams_of(w, second) & streams for w in self._speaking(second))
                if stay.who in self._speaking(second) and any(
                    a < second + 0.2 and second + 0.8 < b for a, b in own
                ):
                    yield f"second {second}: {stay.who.id} speaks, a gap is told {_rounded(own)}"
                if streams and not others and not own:
                    yield f"second {second}: {stay.who.id} is silent, nothing is told of it"

    def _there(self, second: int) -> list[Stay]:
        if self.truth.is_open:
            return []
        end = self.truth.until_s
        return [
            each
            for each in self.truth.stays
            if each.from_s <= second
            and second + 1 <= (end if each.until_s is None else each.until_s)
        ]

    def _holds(self) -> Iterator[str]:
        told = sorted(
            {
                (round(self._at(h["start_at"])), round(self._at(h["end_at"])))
                for h in self.told.course["holds"]
            }
        )
        if told != sorted(self.truth.holds):
            yield f"holds {told}, were {list(self.truth.holds)}"

    # -- its end --------------------------------------------------------------------------------

    def _end(self) -> Iterator[str]:
        course = self.told.course
        if course["ended_because"] != self.truth.ended:
            yield f"ended by {course['ended_because']}, not {self.truth.ended}"
        true_s = (self.ended_us - self.begun_us) / 1e6
        true_s = true_s if self.truth.until_s >= true_s - NEAR_S else self.truth.until_s
        if abs(self._at(course["ended_at"]) - true_s) > NEAR_S:
            yield f"ended at {self._at(course['ended_at']):.1f}, not {true_s:.1f}"
        flags = set(course["flags"]) - _FREE_FLAGS
        if flags != set(self.truth.flags):
            yield f"flags {sorted(flags)}, not {sorted(self.truth.flags)}"


def _rounded(pairs: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    return [(round(a, 1), round(b, 1)) for a, b in pairs]
