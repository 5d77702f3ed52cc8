"""What tests of joining share."""

from msgspec.structs import replace
from sqlalchemy import Engine, select

from archive.call.events import CallIdKind, CallIdKnown, CallOpened, Event
from archive.catalog.database.engine import reading
from archive.catalog.tables.catalog import conversation, recording
from tests.archive.catalog.examples import STARTED_US, inbound

Ids = tuple[tuple[CallIdKind, str], ...]


def told(ids: Ids, at_us: int = STARTED_US, source: str = "sbc-tokyo") -> tuple[Event, ...]:
    """What is told of a recording whose call has these ids."""
    known = tuple(CallIdKnown(at_us=at_us, kind=kind, value=value) for kind, value in ids)
    events = (*inbound(at_us), *known)
    return tuple(
        replace(each, source=source) if isinstance(each, CallOpened) else each for each in events
    )


def conversations(engine: Engine) -> list[bytes]:
    """The conversation of each recording, in the order in which they were adopted."""
    with reading(engine) as connection:
        named = select(conversation.c.id).join(
            recording, recording.c.conversation == conversation.c.row
        )
        return list(connection.scalars(named.order_by(recording.c.row)))
