"""Answers what is asked of the gate: from the wire to what is compared, proved, claimed, freed.

Knows nothing of sockets or of who may ask.
"""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass

from archive.certificates.merkle import HASH_BYTES
from archive.errors import KeyRefused
from archive.keys.daemon.wire_ids import MAX_INTEGER
from archive.keys.errors import Refusal
from archive.keys.gate.destruction_proof import DestructionProof
from archive.keys.gate.rollback import GateState, RollbackGate
from archive.keys.wire import gate_messages as wire
from archive.keys.wire.message import AnsweredQuestion
from archive.set_hash import HASH_BYTES as SET_BYTES, SetHash

# Rows of a page: some milliseconds.
_PAGE = 512


@dataclass(frozen=True, slots=True)
class GateResponder:
    """The gate of one keystore."""

    connection: sqlite3.Connection
    gate: RollbackGate
    proof: DestructionProof
    now_us: Callable[[], int]

    def rows(self) -> tuple[AnsweredQuestion, ...]:
        """Its rows of the daemon's table."""
        return (
            wire.CompareDestroyed.answered_by(self._compare),
            wire.ListDestroyed.answered_by(self._listed),
            wire.BeginProof.answered_by(self._begin_proof),
            wire.AddProof.answered_by(self._add_proof),
            wire.ReplayDestroyed.answered_by(self._replay),
            wire.FreeKeystore.answered_by(self._free),
        )

    def _compare(self, ask: wire.CompareDestroyed) -> wire.ComparedAnswer:
        _require_digests(ask.under_way)
        if len(ask.total) != SET_BYTES or not 0 <= ask.recordings <= MAX_INTEGER:
            raise KeyRefused(Refusal.MALFORMED)
        catalog = SetHash(members=ask.recordings, total=ask.total)
        is_same = self.gate.compare(catalog, ask.under_way, is_settled=ask.is_settled)
        return wire.ComparedAnswer(is_same=is_same, gate=gate_row(self.gate.state()))

    def _listed(self, ask: wire.ListDestroyed) -> wire.DestroyedListAnswer:
        rows = self.connection.execute(
            "SELECT recording_digest, min(at_us), max(run) FROM destroyed"
            " WHERE recording_digest > ? GROUP BY recording_digest"
            " ORDER BY recording_digest LIMIT ?",
            (ask.behind, _PAGE),
        ).fetchall()
        return wire.DestroyedListAnswer(
            rows=tuple(wire.DestroyedRow(digest=row[0], at_us=row[1], run=row[2]) for row in rows)
        )

    def _begin_proof(self, ask: wire.BeginProof) -> wire.GateAnswer:
        self.proof.begin(ask.certificate)
        return _gate(self.gate.state())

    def _add_proof(self, ask: wire.AddProof) -> wire.GateAnswer:
        if not 0 < len(ask.leaves) <= wire.MAX_LEAVES or not all(map(_is_leaf, ask.leaves)):
            raise KeyRefused(Refusal.MALFORMED)
        gone = self.proof.add(ask.leaves)
        return _gate(self.gate.prove(gone, self.now_us()) if gone else self.gate.state())

    def _replay(self, ask: wire.ReplayDestroyed) -> wire.GateAnswer:
        _require_digests(ask.digests)
        return _gate(self.gate.replay(ask.digests, self.now_us()))

    def _free(self, ask: wire.FreeKeystore) -> wire.GateAnswer:
        if ask.journal < 1:
            raise KeyRefused(Refusal.JOURNAL_ID_MISSING)
        wanted = GateState(
            shut=self.gate.shut,
            known=ask.known,
            counted=ask.counted if ask.counted >= 0 else None,
            claims=ask.claims,
            claims_digest=ask.claims_digest,
        )
        return _gate(self.gate.free(wanted, ask.journal, self.now_us(), destroys=ask.destroys))


def _gate(state: GateState) -> wire.GateAnswer:
    return wire.GateAnswer(gate=gate_row(state))


def gate_row(state: GateState) -> wire.GateRow:
    """The same as it is sent."""
    return wire.GateRow(
        is_open=state.is_open,
        known=state.known,
        counted=-1 if state.counted is None else state.counted,
        shut=state.shut.value if state.shut else "",
        claims=state.claims,
        claims_digest=state.claims_digest,
    )


def _require_digests(digests: tuple[bytes, ...]) -> None:
    if len(digests) > wire.MAX_DIGESTS or any(len(each) != HASH_BYTES for each in digests):
        raise KeyRefused(Refusal.MALFORMED)


def _is_leaf(leaf: tuple[bytes, int, bytes]) -> bool:
    digest, at_us, said = leaf
    return len(digest) == len(said) == HASH_BYTES and 0 <= at_us <= MAX_INTEGER
