"""The last step of a destruction: tombstones placed, rows of the index and corrections removed.

In the caller's transaction, which also has the journal's entry. Knows nothing of keys or files.
"""

from collections.abc import Sequence

from sqlalchemy import Connection, delete, select

from archive.catalog.planned_recordings import UnderWay, note_gone
from archive.catalog.removal import remove_recording
from archive.catalog.tables import correction, recording
from archive.catalog.tombstones import place_tombstone
from archive.destruction.intention import Intention
from archive.ids import ConversationId
from archive.reach import ReachFacts
from archive.tombstone import Remains, Tombstone


def bury(
    connection: Connection, tenant: int, plan: int, journal: int, keyless: Sequence[UnderWay]
) -> None:
    """Leave of each recording its tombstone alone; `journal` is the place of the entry."""
    for each in keyless:
        intended, line = each.intention, each.line
        assert line.destroyed_us is not None
        revision, rules = line.grounds
        remains = Remains(
            call=ConversationId(bytes.fromhex(intended.call)),
            hour_us=intended.hour_us,
            facts=_facts(intended),
            revision=revision,
            rules=rules,
            plan=plan,
        )
        placed = Tombstone(
            recording=intended.id,
            destroyed_us=line.destroyed_us,
            journal=journal,
            remains=remains,
        )
        place_tombstone(connection, tenant, placed)
        _remove(connection, tenant, intended)
    note_gone(connection, [each.line.row for each in keyless])


def _remove(connection: Connection, tenant: int, intended: Intention) -> None:
    """What people said of it goes too: it may name a number."""
    of_it = (correction.c.tenant == tenant, correction.c.recording == intended.id.raw)
    connection.execute(delete(correction).where(*of_it))
    row = connection.scalar(
        select(recording.c.row).where(
            recording.c.tenant == tenant, recording.c.id == intended.id.raw
        )
    )
    if row is not None:
        remove_recording(connection, tenant, row)


def _facts(intended: Intention) -> ReachFacts:
    return ReachFacts(
        queues=intended.queues, teams=intended.teams, controllers=intended.controllers
    )
