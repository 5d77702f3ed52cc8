"""What is said to the key daemon of holds, of plans and of destroying (`docs/guard.md`).

Pure values. Knows nothing of tables. Ids are their 16 bytes.
"""

from typing import Final

from archive.keys.wire.message import API, KEEPER, RETENTION, AnswerMessage, Question

# So many keys, and recordings, fit into a message with room to spare and are done with in a
# fraction of the 100 ms that one request may hold up all others.
MAX_KEYS: Final = 800
MAX_DESTROYED: Final = 64
MAX_HOLDS: Final = 1_000


class FenceAnswer(AnswerMessage, frozen=True, kw_only=True):
    """The fence of a tenant."""

    generation: int
    placing: int


class HeldKeysAnswer(AnswerMessage, frozen=True, kw_only=True):
    """How many keys are held, which were destroyed before, and which nobody knows.

    `total`: how many the hold has by now.
    """

    held: int
    destroyed: tuple[bytes, ...]
    unknown: tuple[bytes, ...]
    total: int = 0


class HoldsAnswer(AnswerMessage, frozen=True, kw_only=True):
    """A page of holds: id, whether it is active, how many keys it has."""

    holds: tuple[tuple[bytes, bool, int], ...]


class DoneAnswer(AnswerMessage, frozen=True, kw_only=True):
    """Done, or one step of it: then ask again."""

    is_done: bool = True


class DestroyedAnswer(AnswerMessage, frozen=True, kw_only=True):
    """For each recording asked for, in that order: when it was destroyed, or why it was kept."""

    outcomes: tuple[int | str, ...]


class PlaceHold(Question[FenceAnswer], frozen=True, kw_only=True, tag="place_hold"):
    """Raise the fence: nothing of this tenant is destroyed until the hold is placed."""

    asked_by = API
    while_shut = True
    hold: bytes
    tenant: bytes


class HoldKeys(Question[HeldKeysAnswer], frozen=True, kw_only=True, tag="hold_keys"):
    """Have a hold keep these keys, at most `MAX_KEYS`."""

    asked_by = KEEPER | API
    while_shut = True
    hold: bytes
    keys: tuple[bytes, ...]


class ActivateHold(Question[DoneAnswer], frozen=True, kw_only=True, tag="activate_hold"):
    """The hold has all its keys: lower the fence."""

    asked_by = API
    while_shut = True
    hold: bytes


class CancelHold(Question[DoneAnswer], frozen=True, kw_only=True, tag="cancel_hold"):
    """Give up a placing; its keys go some hundred at a time, so ask until it is done."""

    asked_by = API
    while_shut = True
    hold: bytes


class ReleaseHold(Question[DoneAnswer], frozen=True, kw_only=True, tag="release_hold"):
    """Let go of an active hold's keys, some hundred at a time; ask until it is done."""

    asked_by = API
    while_shut = True
    hold: bytes


class ReadFence(Question[FenceAnswer], frozen=True, kw_only=True, tag="fence"):
    """How many holds this tenant has had, and how many are being placed."""

    asked_by = API | RETENTION
    while_shut = True
    tenant: bytes


class ListHolds(Question[HoldsAnswer], frozen=True, kw_only=True, tag="list_holds"):
    """The holds of a tenant behind an id, in their order, at most `MAX_HOLDS`."""

    asked_by = API
    while_shut = True
    tenant: bytes
    behind: bytes


class OpenPlan(Question[DoneAnswer], frozen=True, kw_only=True, tag="open_plan"):
    """Begin a plan, or its text anew; what came of it goes in steps, so ask until it is done.

    `share_ppm`: millionths of the archive that may go in a day. What came before is forgotten.
    """

    asked_by = API
    plan: bytes
    tenant: bytes
    digest: bytes
    due_us: int
    share_ppm: int


class PlanText(Question[DoneAnswer], frozen=True, kw_only=True, tag="plan_text"):
    """The next piece of a plan's text, behind the `at` bytes that came (`lifecycle.plan_text`).

    At most 24 KiB, and 512 of `lines`: for each line that ends in it the id of its recording and
    the number of its keys; an empty id: it tells of none, or of one that is not in the catalog any
    more. Refused: `plan_altered` where the digest of an id does not stand in its line,
    `out_of_order`, `plan_closed`.
    """

    asked_by = API
    plan: bytes
    at: int
    text: bytes
    lines: tuple[tuple[bytes, int], ...]


class SealPlan(Question[DoneAnswer], frozen=True, kw_only=True, tag="seal_plan"):
    """The plan is approved as its text is: nothing is added any more.

    Refused (`plan_altered`) unless the SHA-256 of the text that came is its digest.
    """

    asked_by = API
    plan: bytes


class EndPlan(Question[DoneAnswer], frozen=True, kw_only=True, tag="end_plan"):
    """Nothing more of the plan is destroyed; its list goes in steps, so ask until it is done."""

    asked_by = API | RETENTION
    plan: bytes


class Destroy(Question[DestroyedAnswer], frozen=True, kw_only=True, tag="destroy"):
    """Destroy the keys of recordings of a plan, at most `MAX_DESTROYED` of them.

    `generation`: the fence's when the recordings were last judged.
    """

    asked_by = RETENTION
    plan: bytes
    generation: int
    recordings: tuple[bytes, ...]


class ConfirmClock(Question[DoneAnswer], frozen=True, kw_only=True, tag="confirm_clock"):
    """A person says that date and time of this machine are right."""

    asked_by = API
