"""The keys of facts that outlive audio: made for recordings that are about to be destroyed.

Knows nothing of what is sealed with them. To all else of the keystore each is the one key of a
recording of its own, which holds may have and plans destroy.
"""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from archive.errors import KeyRefused
from archive.ids import ID_BYTES, KeyId, PlanId, RecordingId, TenantId
from archive.keys.errors import Refusal
from archive.keys.guard.plans import PlanState, find_plan, planned_keys
from archive.keys.store import statements
from archive.keys.store.keystore import Keystore
from archive.keys.store.schema import transaction
from archive.keys.wire.facts_messages import MAX_FACTS, FactsKeysAnswer, KeepFacts
from archive.lifecycle.tombstone import digest_of, facts_id


@dataclass(frozen=True, slots=True)
class FactsKey:
    """A key and its id; to be zeroed by who asked."""

    id: KeyId
    key: bytearray

    def __repr__(self) -> str:
        return f"FactsKey({self.id}, …)"


@dataclass(frozen=True, slots=True)
class FactsResponder:
    """Answers over the keystore's own connection."""

    connection: sqlite3.Connection
    keystore: Keystore

    def answer(self, ask: KeepFacts) -> FactsKeysAnswer:
        """Do what is asked; raises `KeyRefused`."""
        if len(ask.recordings) > MAX_FACTS or any(
            len(raw) != ID_BYTES for raw in (ask.plan, *ask.recordings)
        ):
            raise KeyRefused(Refusal.MALFORMED)
        own = [RecordingId(raw) for raw in ask.recordings]
        found = facts_keys(self.connection, self.keystore, PlanId(ask.plan), own)
        return FactsKeysAnswer(
            keys=tuple((each.id.raw, each.key) if each else (b"", bytearray()) for each in found)
        )


def facts_keys(
    connection: sqlite3.Connection,
    keystore: Keystore,
    plan: PlanId,
    recordings: Sequence[RecordingId],
) -> tuple[FactsKey | None, ...]:
    """The key of each, made where there is none; None for what is not about to be destroyed.

    What has no keys any more is gone: whoever copies its facts only now gets no key for it.
    """
    with transaction(connection):
        known = find_plan(connection, plan)
        if known is None or known.state is not PlanState.APPROVED:
            return (None,) * len(recordings)
        tenant = known.terms.tenant
        return tuple(
            _key(connection, keystore, tenant, each)
            if _is_going(connection, plan, tenant, each)
            else None
            for each in recordings
        )


def _is_going(
    connection: sqlite3.Connection, plan: PlanId, tenant: TenantId, own: RecordingId
) -> bool:
    """Whether the plan has it, it is there, and its facts have not ended before."""
    keys = connection.execute(statements.KEYS_OF_RECORDING, {"recording": own.raw}).fetchall()
    ended = connection.execute(
        statements.WHEN_DESTROYED, {"digest": digest_of(facts_id(own))}
    ).fetchone()[0]
    is_there = bool(keys) and all(each[2] == tenant.raw for each in keys)
    return is_there and ended is None and planned_keys(connection, plan, own) is not None


def _key(
    connection: sqlite3.Connection, keystore: Keystore, tenant: TenantId, own: RecordingId
) -> FactsKey:
    facts = facts_id(own)
    row = connection.execute(statements.KEYS_OF_RECORDING, {"recording": facts.raw}).fetchone()
    if row is None:
        return FactsKey(*keystore.make_key(facts, tenant))
    return FactsKey(KeyId(row[0]), keystore.open(KeyId(row[0])))
