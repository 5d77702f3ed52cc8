"""A house whose calls are alike but for this: sides are known, guessed or not known at all."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import msgspec

from archive.call.event_values import Side, SideBecause
from archive.call.events import CallEnded, Event
from archive.call.live import LiveCall, LiveParty
from archive.catalog.access.grants import ListenGrant
from archive.catalog.database.engine import writing
from archive.catalog.search.calls import StoredRecording
from archive.reading.lanes import Lane
from archive.reading.waveform import CallWaveform
from tests.api.examples import LIVE, MemoryNode, MemoryRendering, MemorySource
from tests.archive.catalog.examples import (
    AGENT,
    CUSTOMER,
    MINUTE_US,
    STARTED_US,
    adopt,
    adoption,
    new_catalog,
    opened,
    party,
    recording_id,
    stream,
)
from tests.pages.calls import LENGTH_US, drawn
from tests.pages.houses import OWN, own_person
from tests.pages.server import Served, served

NAMES: Final = {CUSTOMER: "佐藤", AGENT: "田中"}
# The side of each party, and by what it is told.
Told = tuple[Side, Side, SideBecause]
SIDES: Final[dict[str, Told]] = {
    "known": ("customer", "agent", "internal_domain"),
    "guessed": ("customer", "agent", "first_stream"),
    "unknown": ("unknown", "unknown", "recorded_party"),
}
BEGINS_US: Final = {kind: STARTED_US - n * MINUTE_US for n, kind in enumerate(SIDES)}
CALLS: Final = {
    kind: str(recording_id(n, BEGINS_US[kind])) for n, kind in enumerate(SIDES, start=1)
}


def _call(kind: str) -> tuple[Event, ...]:
    """Two who are named, and as much of their sides as the kind says; who called only if known."""
    began = BEGINS_US[kind]
    customer, agent, because = SIDES[kind]
    caller = CUSTOMER if kind == "known" else ""
    return (
        msgspec.structs.replace(opened(began), from_uri=caller or opened().from_uri),
        stream(0, began),
        stream(1, began),
        party(0, CUSTOMER, customer, names=(NAMES[CUSTOMER],), because=because, at_us=began),
        party(1, AGENT, agent, names=(NAMES[AGENT],), because=because, at_us=began),
        CallEnded(at_us=began + LENGTH_US, reason="bye"),
    )


def _live(kind: str) -> LiveCall:
    *sides, because = SIDES[kind]
    return msgspec.structs.replace(
        LIVE,
        recording=CALLS[kind],
        parties=tuple(
            LiveParty(side=side, because=because, addresses=(aor,), names=(NAMES[aor],))
            for side, aor in zip(sides, NAMES, strict=True)
        ),
    )


@dataclass
class _Lanes(MemorySource):
    """Lanes of which the sides are told as those of the call."""

    async def waveform(
        self, recordings: Sequence[StoredRecording], _grant: ListenGrant
    ) -> CallWaveform:
        """Of the call that is asked for."""
        kind = next(
            name for name, call in CALLS.items() if call == str(recordings[0].found.recording)
        )
        *sides, because = SIDES[kind]
        is_guess = because == "first_stream"
        picture = drawn(CUSTOMER, AGENT)
        return replace(
            picture,
            start_us=BEGINS_US[kind],
            channels=tuple(
                replace(each, lanes=(_lane(each.lanes[0], side, is_guess=is_guess),))
                for each, side in zip(picture.channels, sides, strict=True)
            ),
            blanks=(),
        )


def _lane(lane: Lane, side: Side, *, is_guess: bool) -> Lane:
    return replace(lane, side=side, is_guessed=is_guess)


@contextmanager
def sided_house(folder: Path) -> Iterator[Served]:
    """Three calls that are over, and three that are up."""
    engine = new_catalog(folder)
    with writing(engine) as connection:
        own_person(connection, OWN)
    adopt(engine, *(adoption(n, _call(kind)) for n, kind in enumerate(SIDES, start=1)))
    node = MemoryNode(looks_like=[[_live(kind) for kind in SIDES]])
    with served(folder, engine, node, _Lanes(MemoryRendering(b"RIFF"))) as house:
        yield house
