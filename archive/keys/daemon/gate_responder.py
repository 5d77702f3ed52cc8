"""Answers what is asked of the gate: from the wire to what is compared, proved, claimed, freed.

Knows nothing of sockets or of who may ask.
"""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from typing import assert_never

from archive.certificates.merkle import HASH_BYTES
from archive.errors import KeyRefused
from archive.keys.errors import Refusal
from archive.keys.gate.destruction_proof import DestructionProof
from archive.keys.gate.rollback import GateState, RollbackGate
from archive.keys.wire.gate_messages import (
    MAX_DIGESTS,
    MAX_LEAVES,
    AddProof,
    AnyGateAnswer,
    BeginProof,
    ComparedAnswer,
    CompareDestroyed,
    DestroyedListAnswer,
    DestroyedRow,
    FreeKeystore,
    GateAnswer,
    GateAsk,
    GateRow,
    ListDestroyed,
    ReplayDestroyed,
)
from archive.set_hash import HASH_BYTES as SET_BYTES, SetHash

_MAX_INTEGER = (1 << 63) - 1
# Rows of a page: some milliseconds.
_PAGE = 512


@dataclass(frozen=True, slots=True)
class GateResponder:
    """The gate of one keystore."""

    connection: sqlite3.Connection
    gate: RollbackGate
    proof: DestructionProof
    now_us: Callable[[], int]

    def answer(self, ask: GateAsk) -> AnyGateAnswer:
        """Do what is asked; raises `KeyRefused`."""
        match ask:
            case CompareDestroyed():
                return self._compare(ask)
            case ListDestroyed():
                return self._listed(ask.behind)
            case BeginProof() | AddProof():
                return GateAnswer(gate=gate_row(self._prove(ask)))
            case ReplayDestroyed():
                _require_digests(ask.digests)
                return GateAnswer(gate=gate_row(self.gate.replay(ask.digests, self.now_us())))
            case FreeKeystore():
                return GateAnswer(gate=gate_row(self._free(ask)))
            case _:
                assert_never(ask)

    def _compare(self, ask: CompareDestroyed) -> ComparedAnswer:
        _require_digests(ask.under_way)
        if len(ask.total) != SET_BYTES or not 0 <= ask.recordings <= _MAX_INTEGER:
            raise KeyRefused(Refusal.MALFORMED)
        catalog = SetHash(members=ask.recordings, total=ask.total)
        is_same = self.gate.compare(catalog, ask.under_way, is_settled=ask.is_settled)
        return ComparedAnswer(is_same=is_same, gate=gate_row(self.gate.state()))

    def _listed(self, behind: bytes) -> DestroyedListAnswer:
        rows = self.connection.execute(
            "SELECT recording_digest, min(at_us), max(run) FROM destroyed"
            " WHERE recording_digest > ? GROUP BY recording_digest"
            " ORDER BY recording_digest LIMIT ?",
            (behind, _PAGE),
        ).fetchall()
        return DestroyedListAnswer(
            rows=tuple(DestroyedRow(digest=row[0], at_us=row[1], run=row[2]) for row in rows)
        )

    def _prove(self, ask: BeginProof | AddProof) -> GateState:
        if isinstance(ask, BeginProof):
            self.proof.begin(ask.certificate)
            return self.gate.state()
        if not 0 < len(ask.leaves) <= MAX_LEAVES or not all(map(_is_leaf, ask.leaves)):
            raise KeyRefused(Refusal.MALFORMED)
        gone = self.proof.add(ask.leaves)
        return self.gate.prove(gone, self.now_us()) if gone else self.gate.state()

    def _free(self, ask: FreeKeystore) -> GateState:
        if ask.journal < 1:
            raise KeyRefused(Refusal.JOURNAL_ID_MISSING)
        wanted = GateState(
            shut=self.gate.shut,
            known=ask.known,
            counted=ask.counted if ask.counted >= 0 else None,
            claims=ask.claims,
            claims_digest=ask.claims_digest,
        )
        return self.gate.free(wanted, ask.journal, self.now_us(), destroys=ask.destroys)


def gate_row(state: GateState) -> GateRow:
    """The same as it is sent."""
    return GateRow(
        is_open=state.is_open,
        known=state.known,
        counted=-1 if state.counted is None else state.counted,
        shut=state.shut.value if state.shut else "",
        claims=state.claims,
        claims_digest=state.claims_digest,
    )


def _require_digests(digests: tuple[bytes, ...]) -> None:
    if len(digests) > MAX_DIGESTS or any(len(each) != HASH_BYTES for each in digests):
        raise KeyRefused(Refusal.MALFORMED)


def _is_leaf(leaf: tuple[bytes, int, bytes]) -> bool:
    digest, at_us, said = leaf
    return len(digest) == len(said) == HASH_BYTES and 0 <= at_us <= _MAX_INTEGER
