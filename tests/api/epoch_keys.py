"""A key daemon as the API sees it, of three epochs, the first of them destroyed: in memory."""

from collections.abc import Iterator, Sequence

from archive.backup.sealed import SetKey, SetLead
from archive.keys.gate.destruction_proof import Leaf
from archive.keys.wire.epoch_messages import EpochRow, EpochsAnswer
from archive.keys.wire.gate_messages import ComparedAnswer, DestroyedRow, GateRow
from archive.set_hash import SetHash

KEY = bytes(range(32))


class MemoryKeys:
    """Remembers what it was asked; opens and wraps nothing."""

    def __init__(self, gate: GateRow = GateRow()) -> None:  # noqa: B008  # a frozen value
        self.asked = list[str]()
        self.epoch = 1
        self.gate = gate

    def epochs(self) -> EpochsAnswer:
        """Three of them."""
        states = {3: "current", 2: "past", 1: "destroyed"}
        rows = tuple(
            EpochRow(number=number, created_us=number, state=state)
            for number, state in states.items()
        )
        return EpochsAnswer(
            epochs=rows, every_us=0, keep=2, assurance="known_copies", gate=self.gate
        )

    def turn(self) -> int:
        """Nothing turns."""
        self.asked.append("turn")
        return 3

    def back_up_keystore(self) -> int:
        """Nothing is made."""
        self.asked.append("set")
        return 3

    def wrap_set_key(self, made_us: int, size: int) -> tuple[int, SetKey]:  # noqa: ARG002  # as asked
        """The same key for every set."""
        return self.epoch, SetKey(opened=bytearray(KEY), wrapped=bytes(60))

    def open_set_key(self, lead: SetLead, wrapped: bytes) -> bytearray:  # noqa: ARG002  # as asked
        """The same key."""
        return bytearray(KEY)

    def compare_destroyed(
        self,
        catalog: SetHash,  # noqa: ARG002  # as asked
        under_way: Sequence[bytes],  # noqa: ARG002  # as asked
        *,
        is_settled: bool,  # noqa: ARG002  # as asked
    ) -> ComparedAnswer:
        """As it is."""
        return ComparedAnswer(is_same=self.gate.is_open, gate=self.gate)

    def destroyed(self) -> Iterator[DestroyedRow]:
        """Nothing."""
        return iter(())

    def prove_destroyed(self, certificate: bytes, leaves: Sequence[Leaf]) -> GateRow:  # noqa: ARG002  # as asked
        """Nothing that it did not know."""
        return self.gate

    def replay_destroyed(self, digests: Sequence[bytes]) -> GateRow:  # noqa: ARG002  # as asked
        """Nothing that it did not know."""
        return self.gate

    def free_keystore(self, gate: GateRow, journal: int, *, destroys: bool) -> GateRow:  # noqa: ARG002  # as asked
        """At once."""
        self.gate = GateRow()
        return self.gate
