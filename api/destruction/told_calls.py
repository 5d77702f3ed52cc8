"""The calls of recordings that must go, as a search tells them, to who may search.

Beside what is asked about destruction: who may not search, or has stated no purpose, is told the
rest. Knows nothing of why a recording must go.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from sqlalchemy import Engine

from api.access.authorization import Door
from api.permissions.actor import Actor
from api.permissions.verbs import Verb
from archive.catalog.access.grants import SearchGrant
from archive.catalog.database.engine import reading, run
from archive.catalog.search.calls import FoundRecording
from archive.catalog.search.named_recordings import recordings_named
from archive.catalog.search.shown import write_shown
from archive.ids import RecordingId


class Told(StrEnum):
    """Whether calls are told of, or why not."""

    CALLS = "calls"
    NO_PURPOSE = "no_purpose"  # nobody has said why
    NOT_PERMITTED = "not_permitted"  # the roles have no search


@dataclass(frozen=True, slots=True, kw_only=True)
class CallsTold:
    """What is told of the calls of some recordings, by recording: of those within the reach."""

    how: Told
    found: Mapping[RecordingId, FoundRecording] = field(default_factory=dict)


async def calls_told(door: Door, actor: Actor, own: Sequence[RecordingId], what: str) -> CallsTold:
    """Tell of them; that they are shown, and as part of `what`, is committed before."""
    if Verb.SEARCH not in actor.account.authority.verbs:
        return CallsTold(how=Told.NOT_PERMITTED)
    if not actor.purpose:
        return CallsTold(how=Told.NO_PURPOSE)
    if not own:
        return CallsTold(how=Told.CALLS)
    granted = await door.grant(actor, SearchGrant, detail={"what": what})

    def told(engine: Engine) -> CallsTold:
        with reading(engine) as connection:
            found = recordings_named(connection, granted, own)
        write_shown(engine, granted, found)
        return CallsTold(how=Told.CALLS, found=found)

    return await run(door.engine, told)
