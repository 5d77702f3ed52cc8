"""Replays the archive into the index, from nothing, in one transaction.

Knows nothing of how parts are read. The register (journal, agents, users) is not touched.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Engine, delete, true

from archive.adoption import Adoption
from archive.catalog.engine import writing_at_length
from archive.catalog.facts_replay import UNOPENED, FactsReplay, Opening
from archive.catalog.hold_matches import WITHOUT_KEYS, HoldMatcher
from archive.catalog.indexing import index_part
from archive.catalog.refusal import OF_ONE_CALL, is_away, words
from archive.catalog.tables import INDEX_TABLES
from archive.catalog.tenants import ensure_tenant
from archive.catalog.tombstones import RecordingDestroyed
from archive.ids import PartName, RecordingId, TenantId


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """How many parts the index has, and those of recordings that were destroyed: it has not.

    `unread` are recordings of which facts are kept that do not open; `refused` are parts that the
    catalog does not take, with its words.
    """

    parts: int
    left_out: tuple[PartName, ...]
    unread: tuple[RecordingId, ...] = ()
    refused: tuple[tuple[PartName, str], ...] = ()


def rebuild(
    engine: Engine,
    parts: Iterable[Adoption],
    holds: HoldMatcher = WITHOUT_KEYS,
    opening: Opening = UNOPENED,
) -> Rebuilt:
    """Delete the index and write it again from `parts`, in any order.

    Until it returns, everybody sees the former index; if `parts` raises, it stays. What has a
    tombstone is left out, wherever its file came from. Legal holds that a recording fits now are
    over it before that; raises `KeyUnavailable`.

    Facts that outlived their audio are replayed before parts, so that other recordings of a call
    join them; of what is about to go they come last, where no part brought it back.
    """
    facts = FactsReplay(opening)
    seen: set[tuple[TenantId, PartName]] = set()
    left_out: list[PartName] = []
    refused: list[tuple[PartName, str]] = []
    with writing_at_length(engine) as connection:
        for table in INDEX_TABLES:
            connection.execute(delete(table))
        facts.of_destroyed(connection)
        for adoption in parts:
            key = (adoption.tenant, adoption.part_name)
            if key not in seen:
                seen.add(key)
                tenant = ensure_tenant(connection, adoption.tenant)
                try:
                    with connection.begin_nested():
                        index_part(connection, tenant, adoption)
                except RecordingDestroyed:
                    left_out.append(adoption.part_name)
                except OF_ONE_CALL as failed:
                    if is_away(failed):
                        raise
                    refused.append((adoption.part_name, words(failed)))
        facts.of_others(connection)
        for tenant in {ensure_tenant(connection, own) for own, _ in seen}:
            holds.changed(connection, tenant, true())
    had = len(seen) - len(left_out) - len(refused)
    return Rebuilt(had, tuple(left_out), tuple(facts.unread), tuple(refused))
