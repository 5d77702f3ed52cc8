"""The last step of a destruction: tombstones placed; rows, corrections and copies removed.

In the caller's transaction, which also has the journal's entry. Knows nothing of keys or files.
"""

from collections.abc import Sequence

from sqlalchemy import Connection, delete, select

from archive.access.reach import ReachFacts
from archive.catalog.destruction.planned_recordings import UnderWay, note_gone
from archive.catalog.destruction.tombstones import OF_RECORDINGS, place_tombstone
from archive.catalog.index.facts_rows import leave_facts
from archive.catalog.index.page_rows import remove_page
from archive.catalog.index.removal import remove_recording
from archive.catalog.register.kept_facts import forget_facts
from archive.catalog.tables.catalog import correction, recording
from archive.ids import ConversationId
from archive.lifecycle.intention import Intention
from archive.lifecycle.tombstone import Remains, Tombstone


def erase_recordings(
    connection: Connection, tenant: int, plan: int, journal: int, keyless: Sequence[UnderWay]
) -> None:
    """Leave of each recording its tombstone, and the facts that live on.

    `journal` is the place of the entry.
    """
    for each in keyless:
        line = each.line
        assert line.destroyed_us is not None
        placed = Tombstone(
            recording=line.keyed,
            destroyed_us=line.destroyed_us,
            journal=journal,
            remains=_remains(each, plan),
        )
        place_tombstone(connection, tenant, placed)
        _remove(connection, tenant, each)
    note_gone(connection, [each.line.row for each in keyless])


def _remains(each: UnderWay, plan: int) -> Remains:
    """Of facts not the call's: it has its tombstone, which is found by that. A page has none."""
    intended, (revision, rules, scope) = each.intention, each.line.grounds
    return Remains(
        call=ConversationId(bytes.fromhex(intended.call)) if scope in OF_RECORDINGS else None,
        hour_us=intended.hour_us,
        facts=_facts(intended),
        revision=revision,
        rules=rules,
        plan=plan,
        scope=scope,
        facts_until_us=intended.facts_until_us,
    )


def _remove(connection: Connection, tenant: int, each: UnderWay) -> None:
    """What people said of it goes too: it may name a number."""
    intended, scope = each.intention, each.line.grounds[2]
    if scope == "ledger":
        remove_page(connection, tenant, intended.id)
        return
    of_it = (correction.c.tenant == tenant, correction.c.recording == intended.id.raw)
    connection.execute(delete(correction).where(*of_it))
    if scope == "audio":
        leave_facts(connection, tenant, intended.id)
        return
    forget_facts(connection, tenant, [intended.id])
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
