"""What is said to the key daemon of its gate: what the catalog knows, what is destroyed again.

Pure values. Knows nothing of tables. A digest is that of a tombstone.
"""

from typing import Final

import msgspec

from archive.keys.wire.message import API, AnswerMessage, Question

# So many digests, rows and leaves fit into a message with room to spare.
MAX_DIGESTS: Final = 256
MAX_LEAVES: Final = 256


class GateRow(msgspec.Struct, frozen=True, kw_only=True):
    """Whether the keystore is the one that it was: it knows `known` of `counted` destructions.

    `counted` is −1 where the count beside the epoch keys is missing or cannot be read. `shut`: why
    it is not open (`archive.keys.gate.rollback.Shut`). `claims`: what was said to be destroyed and
    is not proved, and the digest of that set.
    """

    is_open: bool = True
    known: int = 0
    counted: int = 0
    shut: str = ""
    claims: int = 0
    claims_digest: bytes = b""


class GateAnswer(AnswerMessage, frozen=True, kw_only=True):
    """What has become of it."""

    gate: GateRow


class ComparedAnswer(AnswerMessage, frozen=True, kw_only=True):
    """Whether both know the same; `destroyed`: those under way that are destroyed."""

    is_same: bool
    gate: GateRow


class DestroyedRow(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """A destroyed recording: its digest, when (µs UTC), by which run (zeros: nobody knows)."""

    digest: bytes
    at_us: int
    run: bytes


class DestroyedListAnswer(AnswerMessage, frozen=True, kw_only=True):
    """A page; an empty one is the last."""

    rows: tuple[DestroyedRow, ...]


class CompareDestroyed(
    Question[ComparedAnswer], frozen=True, kw_only=True, tag="compare_destroyed"
):
    """What the catalog knows to be destroyed, as a count and a hash of the set.

    `under_way`: what may be destroyed without a tombstone yet, at most `MAX_DIGESTS`.
    `is_settled`: the catalog was the same before and after the last question, so that another
    answer is a difference and closes the gate.
    """

    asked_by = API
    while_shut = True
    recordings: int
    total: bytes
    under_way: tuple[bytes, ...] = ()
    is_settled: bool = False


class ListDestroyed(Question[DestroyedListAnswer], frozen=True, kw_only=True, tag="list_destroyed"):
    """What the keystore knows to be destroyed behind a digest, in their order, 512 a page."""

    asked_by = API
    while_shut = True
    behind: bytes


class BeginProof(Question[GateAnswer], frozen=True, kw_only=True, tag="begin_proof"):
    """A certificate of destruction that this daemon has signed; else `not_proved`."""

    asked_by = API
    while_shut = True
    certificate: bytes


class AddProof(Question[GateAnswer], frozen=True, kw_only=True, tag="add_proof"):
    """The next leaves of its tree, at most `MAX_LEAVES`: digest, when (µs UTC), hash of its words.

    With the last one all of them are destroyed again, in a keystore that is shut.
    """

    asked_by = API
    while_shut = True
    leaves: tuple[tuple[bytes, int, bytes], ...]


class ReplayDestroyed(Question[GateAnswer], frozen=True, kw_only=True, tag="replay_destroyed"):
    """Recordings by their digests, at most `MAX_DIGESTS`, that were destroyed as the catalog says.

    Only a keystore that is shut listens. They are destroyed again where they are exactly what is
    missing of the count beside the epoch keys, or when two persons say so.
    """

    asked_by = API
    while_shut = True
    digests: tuple[bytes, ...]


class FreeKeystore(Question[GateAnswer], frozen=True, kw_only=True, tag="free_keystore"):
    """Two persons free a keystore in exactly this state, and no other one.

    `destroys`: what was claimed and not proved is destroyed again, but for what a hold has.
    `journal`: the place of the entry that says who they were. Refused (`gate_differs`) unless it
    was told of destructions since it started.
    """

    asked_by = API
    while_shut = True
    known: int
    counted: int
    claims: int
    claims_digest: bytes
    destroys: bool
    journal: int
