"""What is said to the key daemon of epochs, of spools and of backups (`docs/keys.md`).

Pure values. Knows nothing of tables. Ids are their 16 bytes.
"""

from typing import Final

import msgspec

from archive.keys.wire.gate_messages import GateRow
from archive.keys.wire.message import API, KEEPER, AnswerMessage, Question

# So many parts and intake keys fit into a message with room to spare.
MAX_PARTS: Final = 256
MAX_INTAKE_KEYS: Final = 256


class EpochRow(msgspec.Struct, frozen=True, kw_only=True):
    """One epoch; `held_back`: why its key is still there although it is due."""

    number: int
    created_us: int
    state: str
    destroyed_us: int = 0
    held_back: tuple[str, ...] = ()


class TurnRow(msgspec.Struct, frozen=True, kw_only=True):
    """A turn under way, or wished; `fault`: why it does not go on."""

    epoch: int = 0
    phase: str = ""
    done: int = 0
    total: int = 0
    fault: str = ""


class SetRow(msgspec.Struct, frozen=True, kw_only=True):
    """The newest verified set of the keystore; an empty name: there is none."""

    name: str = ""
    epoch: int = 0
    made_us: int = 0
    keys: int = 0


class EpochsAnswer(AnswerMessage, frozen=True, kw_only=True):
    """The newest epochs first, as many as fit; the plan by which they turn.

    What is destroyed now is gone from all backups with the turn to epoch `gone_with`, planned for
    `gone_us` (0: epochs turn on command alone).
    """

    epochs: tuple[EpochRow, ...]
    every_us: int
    keep: int
    assurance: str
    turn: TurnRow | None = None
    newest_set: SetRow = SetRow()
    unbacked: int = 0
    gate: GateRow = GateRow()
    gone_with: int = 0
    gone_us: int = 0


class TurnAnswer(AnswerMessage, frozen=True, kw_only=True):
    """The epoch in force when it was asked, and how many turns of it were ended so far."""

    epoch: int


class BackedUpAnswer(AnswerMessage, frozen=True, kw_only=True):
    """For each part asked for, in that order."""

    may_go: tuple[bool, ...]


class SetKeyAnswer(AnswerMessage, frozen=True, kw_only=True):
    """A set's key, to be zeroed by who gets it; `epoch` and `wrapped` go into the set."""

    epoch: int
    opened: bytearray
    wrapped: bytes

    def __repr__(self) -> str:
        return "SetKeyAnswer(…)"


class ReadEpochs(Question[EpochsAnswer], frozen=True, kw_only=True, tag="epochs"):
    """Which epochs there are, and how far a turn is."""

    asked_by = API
    while_shut = True


class TurnEpoch(Question[TurnAnswer], frozen=True, kw_only=True, tag="turn_epoch"):
    """Begin a turn, unless one is under way."""

    asked_by = API


class ReportSpool(Question[TurnAnswer], frozen=True, kw_only=True, tag="report_spool"):
    """How many parts wait in the spools that are sealed to which intake key."""

    asked_by = KEEPER
    sealed: tuple[tuple[bytes, int], ...]


class AskBackedUp(Question[BackedUpAnswer], frozen=True, kw_only=True, tag="backed_up"):
    """Whether the pages of these parts (recording, part, generation) may go."""

    asked_by = KEEPER
    parts: tuple[tuple[bytes, int, int], ...]


class BackUpKeystore(Question[TurnAnswer], frozen=True, kw_only=True, tag="back_up_keystore"):
    """Make a verified set of the keystore."""

    asked_by = API


class WrapSetKey(Question[SetKeyAnswer], frozen=True, kw_only=True, tag="wrap_set_key"):
    """A key for a catalog set of so many bytes, made now."""

    asked_by = API
    made_us: int
    size: int


class OpenSetKey(Question[SetKeyAnswer], frozen=True, kw_only=True, tag="open_set_key"):
    """The key of a catalog set, never of a keystore's; `lead`, `wrapped`: its first 92 bytes."""

    asked_by = API
    lead: bytes
    wrapped: bytes
