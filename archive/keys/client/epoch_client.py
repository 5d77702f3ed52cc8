"""Asks the key daemon about epochs, spools, sets and its gate.

Knows nothing of connections. Everything raises `KeyRefused` and `KeyUnavailable`, as `KeyClient`.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Protocol, TypeVar

from archive.backup.sealed import SetKey, SetLead
from archive.ids import IntakeKeyId, PartName
from archive.keys.gate.destruction_proof import Leaf
from archive.keys.wire.epoch_messages import (
    MAX_INTAKE_KEYS,
    MAX_PARTS,
    AskBackedUp,
    BackedUpAnswer,
    BackUpKeystore,
    EpochsAnswer,
    OpenSetKey,
    ReadEpochs,
    ReportSpool,
    SetKeyAnswer,
    TurnAnswer,
    TurnEpoch,
    WrapSetKey,
)
from archive.keys.wire.gate_messages import (
    MAX_DIGESTS,
    MAX_LEAVES,
    AddProof,
    BeginProof,
    ComparedAnswer,
    CompareDestroyed,
    DestroyedListAnswer,
    DestroyedRow,
    FreeKeystore,
    GateAnswer,
    GateRow,
    ListDestroyed,
    ReplayDestroyed,
)
from archive.keys.wire.message import AnswerMessage
from archive.keys.wire.protocol import Ask
from archive.set_hash import SetHash

_AnswerT = TypeVar("_AnswerT", bound=AnswerMessage)


class DaemonLine(Protocol):
    """Who carries a question to the daemon and brings its answer."""

    def ask(self, ask: Ask, expected: type[_AnswerT]) -> _AnswerT:
        """Ask; a refusal is raised."""


@dataclass(frozen=True, slots=True)
class EpochClient:
    """What the API asks, and (`report_spool`, `backed_up`) the keeper."""

    line: DaemonLine

    def epochs(self) -> EpochsAnswer:
        """The epochs, the turn under way, the newest keystore set."""
        return self.line.ask(ReadEpochs(), EpochsAnswer)

    def turn(self) -> int:
        """Have the epoch turn; return the one in force now."""
        return self.line.ask(TurnEpoch(), TurnAnswer).epoch

    def back_up_keystore(self) -> int:
        """Have a keystore set made; return the epoch in force now."""
        return self.line.ask(BackUpKeystore(), TurnAnswer).epoch

    def report_spool(self, sealed: Iterable[tuple[IntakeKeyId, int]]) -> None:
        """Tell how many parts wait that are sealed to which intake key."""
        rows = tuple((key.raw, parts) for key, parts in islice(sealed, MAX_INTAKE_KEYS))
        self.line.ask(ReportSpool(sealed=rows), TurnAnswer)

    def backed_up(self, parts: Sequence[PartName]) -> tuple[bool, ...]:
        """Whether the keys of these parts are in a verified keystore set, in that order."""
        answered: list[bool] = []
        for at in range(0, len(parts), MAX_PARTS):
            rows = tuple(
                (each.recording.raw, each.part, each.generation)
                for each in parts[at : at + MAX_PARTS]
            )
            answered += self.line.ask(AskBackedUp(parts=rows), BackedUpAnswer).may_go
        return tuple(answered)

    def compare_destroyed(
        self, catalog: SetHash, under_way: Sequence[bytes], *, is_settled: bool
    ) -> ComparedAnswer:
        """Tell what the catalog knows to be destroyed; a settled difference shuts the keystore."""
        ask = CompareDestroyed(
            recordings=catalog.members,
            total=catalog.total,
            under_way=tuple(under_way),
            is_settled=is_settled,
        )
        return self.line.ask(ask, ComparedAnswer)

    def destroyed(self) -> Iterator[DestroyedRow]:
        """What the keystore knows to be destroyed, in the order of the digests."""
        behind = b""
        while rows := self.line.ask(ListDestroyed(behind=behind), DestroyedListAnswer).rows:
            yield from rows
            behind = rows[-1].digest

    def prove_destroyed(self, certificate: bytes, leaves: Sequence[Leaf]) -> GateRow:
        """Have destroyed again what a certificate of the daemon's own proves."""
        gate = self.line.ask(BeginProof(certificate=certificate), GateAnswer).gate
        for at in range(0, len(leaves), MAX_LEAVES):
            ask = AddProof(leaves=tuple(leaves[at : at + MAX_LEAVES]))
            gate = self.line.ask(ask, GateAnswer).gate
        return gate

    def replay_destroyed(self, digests: Sequence[bytes]) -> GateRow:
        """Say what was destroyed by the catalog to a keystore that is shut."""
        gate = self.epochs().gate
        # Also where there are none: the daemon must have heard that there are none.
        for at in range(0, max(1, len(digests)), MAX_DIGESTS):
            if gate.is_open:
                break
            ask = ReplayDestroyed(digests=tuple(digests[at : at + MAX_DIGESTS]))
            gate = self.line.ask(ask, GateAnswer).gate
        return gate

    def free_keystore(self, gate: GateRow, journal: int, *, destroys: bool) -> GateRow:
        """Open a keystore in exactly this state, as the journal says there.

        `destroys`: what was claimed is destroyed again.
        """
        ask = FreeKeystore(
            known=gate.known,
            counted=gate.counted,
            claims=gate.claims,
            claims_digest=gate.claims_digest,
            destroys=destroys,
            journal=journal,
        )
        return self.line.ask(ask, GateAnswer).gate

    def wrap_set_key(self, made_us: int, size: int) -> tuple[int, SetKey]:
        """The epoch in force and a key for a catalog set, to be zeroed."""
        answer = self.line.ask(WrapSetKey(made_us=made_us, size=size), SetKeyAnswer)
        return answer.epoch, SetKey(opened=answer.opened, wrapped=answer.wrapped)

    def open_set_key(self, lead: SetLead, wrapped: bytes) -> bytearray:
        """The key of a catalog set, to be zeroed."""
        ask = OpenSetKey(lead=lead.encode(), wrapped=wrapped)
        return self.line.ask(ask, SetKeyAnswer).opened
