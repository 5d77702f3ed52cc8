"""Asks the key daemon about epochs, spools, sets and its gate.

Knows nothing of connections. Everything raises `KeyRefused` and `KeyUnavailable`, as `KeyClient`.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Protocol

from archive.backup.sealed import SetKey, SetLead
from archive.ids import IntakeKeyId, PartName
from archive.keys.gate.destruction_proof import Leaf
from archive.keys.wire import epoch_messages as wire, gate_messages as gates
from archive.keys.wire.message import AnswerT, Question
from archive.set_hash import SetHash


class DaemonLine(Protocol):
    """Who carries a question to the daemon and brings its answer."""

    def ask(self, question: Question[AnswerT]) -> AnswerT:
        """Ask; a refusal is raised."""


@dataclass(frozen=True, slots=True)
class EpochClient:
    """What the API asks, and (`report_spool`, `backed_up`) the keeper."""

    line: DaemonLine

    def epochs(self) -> wire.EpochsAnswer:
        """The epochs, the turn under way, the newest keystore set."""
        return self.line.ask(wire.ReadEpochs())

    def turn(self) -> int:
        """Have the epoch turn; return the one in force now."""
        return self.line.ask(wire.TurnEpoch()).epoch

    def back_up_keystore(self) -> int:
        """Have a keystore set made; return the epoch in force now."""
        return self.line.ask(wire.BackUpKeystore()).epoch

    def report_spool(self, sealed: Iterable[tuple[IntakeKeyId, int]]) -> None:
        """Tell how many parts wait that are sealed to which intake key."""
        rows = tuple((key.raw, parts) for key, parts in islice(sealed, wire.MAX_INTAKE_KEYS))
        self.line.ask(wire.ReportSpool(sealed=rows))

    def backed_up(self, parts: Sequence[PartName]) -> tuple[bool, ...]:
        """Whether the keys of these parts are in a verified keystore set, in that order."""
        answered: list[bool] = []
        for at in range(0, len(parts), wire.MAX_PARTS):
            rows = tuple(
                (each.recording.raw, each.part, each.generation)
                for each in parts[at : at + wire.MAX_PARTS]
            )
            answered += self.line.ask(wire.AskBackedUp(parts=rows)).may_go
        return tuple(answered)

    def compare_destroyed(
        self, catalog: SetHash, under_way: Sequence[bytes], *, is_settled: bool
    ) -> gates.ComparedAnswer:
        """Tell what the catalog knows to be destroyed; a settled difference shuts the keystore."""
        ask = gates.CompareDestroyed(
            recordings=catalog.members,
            total=catalog.total,
            under_way=tuple(under_way),
            is_settled=is_settled,
        )
        return self.line.ask(ask)

    def destroyed(self) -> Iterator[gates.DestroyedRow]:
        """What the keystore knows to be destroyed, in the order of the digests."""
        behind = b""
        while rows := self.line.ask(gates.ListDestroyed(behind=behind)).rows:
            yield from rows
            behind = rows[-1].digest

    def prove_destroyed(self, certificate: bytes, leaves: Sequence[Leaf]) -> gates.GateRow:
        """Have destroyed again what a certificate of the daemon's own proves."""
        gate = self.line.ask(gates.BeginProof(certificate=certificate)).gate
        for at in range(0, len(leaves), gates.MAX_LEAVES):
            ask = gates.AddProof(leaves=tuple(leaves[at : at + gates.MAX_LEAVES]))
            gate = self.line.ask(ask).gate
        return gate

    def replay_destroyed(self, digests: Sequence[bytes]) -> gates.GateRow:
        """Say what was destroyed by the catalog to a keystore that is shut."""
        gate = self.epochs().gate
        # Also where there are none: the daemon must have heard that there are none.
        for at in range(0, max(1, len(digests)), gates.MAX_DIGESTS):
            if gate.is_open:
                break
            ask = gates.ReplayDestroyed(digests=tuple(digests[at : at + gates.MAX_DIGESTS]))
            gate = self.line.ask(ask).gate
        return gate

    def free_keystore(self, gate: gates.GateRow, journal: int, *, destroys: bool) -> gates.GateRow:
        """Open a keystore in exactly this state, as the journal says there.

        `destroys`: what was claimed is destroyed again.
        """
        ask = gates.FreeKeystore(
            known=gate.known,
            counted=gate.counted,
            claims=gate.claims,
            claims_digest=gate.claims_digest,
            destroys=destroys,
            journal=journal,
        )
        return self.line.ask(ask).gate

    def wrap_set_key(self, made_us: int, size: int) -> tuple[int, SetKey]:
        """The epoch in force and a key for a catalog set, to be zeroed."""
        answer = self.line.ask(wire.WrapSetKey(made_us=made_us, size=size))
        return answer.epoch, SetKey(opened=answer.opened, wrapped=answer.wrapped)

    def open_set_key(self, lead: SetLead, wrapped: bytes) -> bytearray:
        """The key of a catalog set, to be zeroed."""
        ask = wire.OpenSetKey(lead=lead.encode(), wrapped=wrapped)
        return self.line.ask(ask).opened
