"""The self-test's own calls: found by their Call-ID and heard, under grants as everybody's are.

Opens catalog and keys itself: the self-test runs beside the API, as maintenance does.
"""

import asyncio
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from archive.access.query import IdClue, SearchQuery, Window
from archive.catalog.access.grants import Ask, ExportGrant, SearchGrant, grant
from archive.catalog.database.engine import reading
from archive.catalog.search.calls import stored
from archive.catalog.search.shown import show_page
from archive.ids import ConversationId
from archive.reading.stored_audio import open_recording
from rokuon.compose.archive.catalog import local_access, present_catalog
from rokuon.compose.archive.key_daemon import open_keys
from rokuon.config.schema import Config
from rokuon.machine import clock

# The keeper adopts every other second; a busy one has its turn later.
FOUND_WITHIN_S: Final = 20.0
_LOOK_EVERY_S: Final = 0.5
# The call, and one more would be one too many.
_LIMIT: Final = 2


@dataclass(frozen=True, slots=True, eq=False)
class HeardLane:
    """One lane of a recording as it sounds, and whose it is."""

    side: str
    rate_hz: int
    samples: NDArray[np.int16]


def calls_of_id(
    config: Config, call_id: str, begin: datetime, end: datetime
) -> tuple[ConversationId, ...]:
    """The calls of a window with this Call-ID, of each of their recordings; at most two."""
    zone = ZoneInfo("UTC")
    query = SearchQuery(
        window=Window(start_at=begin, end_at=end, zone=zone),
        clues=(IdClue(call_id),),
        limit=_LIMIT,
    )
    ask = Ask(access=local_access(), detail={"what": "selftest"})
    with present_catalog(config) as engine:
        found = show_page(engine, query, grant(engine, SearchGrant, ask)).found
    return tuple(each.conversation for each in found)


async def find_own_call(
    config: Config, call_id: str, begun_at: datetime
) -> tuple[tuple[ConversationId, ...], float]:
    """The calls that `calls find --id` finds, and after how many seconds; none after
    `FOUND_WITHIN_S`.
    """
    began_s = clock.monotonic_s()
    begin, end = begun_at - timedelta(minutes=1), begun_at + timedelta(minutes=10)
    while (waited_s := clock.monotonic_s() - began_s) < FOUND_WITHIN_S:
        if found := await asyncio.to_thread(calls_of_id, config, call_id, begin, end):
            return found, waited_s
        await asyncio.sleep(_LOOK_EVERY_S)
    return (), FOUND_WITHIN_S


def heard_lanes(config: Config, call: ConversationId) -> tuple[HeardLane, ...]:
    """What is heard of the first recording of a call, in memory alone: for a short one.

    Raises `KeyUnavailable`, `RecordingDamaged`, `OSError`.
    """
    with present_catalog(config) as engine, closing(open_keys(config, "api")) as keys:
        ask = Ask(access=local_access(), target=call, detail={"what": "selftest"})
        granted = grant(engine, ExportGrant, ask)
        with reading(engine) as connection:
            found = stored(connection, call, granted)[0]
        with open_recording(config.archive.path, keys, found, granted) as reader:
            rendering = reader.rendering()
            sound = np.concatenate(list(rendering.audio_blocks()))
            line = reader.timeline
            return tuple(
                HeardLane(line.lanes[lane].side, rendering.sample_rate, sound[:, number])
                for number, lane in enumerate(line.channels)
            )
