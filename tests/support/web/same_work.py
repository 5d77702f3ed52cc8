"""What tests of same work share."""

from archive.access.reach import ReachFacts
from archive.ids import ConversationId
from archive.lifecycle.tombstone import Remains, Tombstone
from tests.archive.catalog.examples import NOW_US, recording_id
from tests.support.web.destruction import AT_HOUR_US


def left_of(number: int) -> Tombstone:
    """What a destroyed recording of a queue has left."""
    return Tombstone(
        recording=recording_id(number),
        destroyed_us=NOW_US,
        journal=1,
        remains=Remains(
            hour_us=AT_HOUR_US,
            call=ConversationId(recording_id(number).raw),
            facts=ReachFacts(queues=frozenset({"sales"})),
        ),
    )
