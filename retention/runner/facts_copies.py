"""Copies of facts that outlive audio, made before it goes: keys asked for, facts sealed and kept.

Knows nothing of what makes a recording due, nor of the steps behind.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, Protocol

from sqlalchemy import Connection

from archive.catalog.destruction.planned_recordings import StoredLine
from archive.catalog.index.facts_rows import facts_of
from archive.catalog.register.kept_facts import SealedFacts, keep_facts
from archive.catalog.tables.tenants import tenant_row
from archive.format.floe import zero
from archive.ids import PlanId, RecordingId, TenantId
from archive.keys.guard.facts_keys import FactsKey
from archive.lifecycle.kept_facts import FactsName, seal_facts

Keys = Mapping[RecordingId, FactsKey]
NO_KEYS: Final[Keys] = {}


class FactsClient(Protocol):
    """What is asked of the key daemon; see `KeyClient`."""

    def keep_facts(self, plan: PlanId, recordings: Sequence[RecordingId]) -> Keys:
        """The keys of those that are about to be destroyed; zeroed by who asks."""


@dataclass(frozen=True, slots=True)
class Copying:
    """Whose facts are copied, when, and by which keys."""

    tenant: TenantId
    at_us: int
    keys: Keys

    def keep(self, connection: Connection, until_us: Mapping[RecordingId, int | None]) -> None:
        """Keep the facts of these in the caller's transaction, each until then."""
        row = tenant_row(connection, self.tenant)
        told = facts_of(connection, row, list(until_us))
        copies = []
        for own, facts in told.items():
            name = FactsName(self.tenant, own, self.keys[own].id)
            copy = SealedFacts(
                name=name,
                kept_us=self.at_us,
                until_us=until_us[own],
                sealed=seal_facts(facts, name, self.keys[own].key),
            )
            copies.append(copy)
        keep_facts(connection, row, copies)


@contextmanager
def keys_for(key_client: FactsClient, plan: PlanId, lines: Sequence[StoredLine]) -> Iterator[Keys]:
    """The keys for those of these lines whose facts live on; zeroed afterwards."""
    own = [each.recording for each in lines if each.grounds[2] == "audio" and each.recording]
    keys = key_client.keep_facts(plan, own) if own else NO_KEYS
    try:
        yield keys
    finally:
        for each in keys.values():
            zero(each.key)
