"""What is said to the key daemon of holds, of plans and of destroying (`docs/guard.md`).

Pure values. Knows nothing of who may ask, or of tables. Ids are their 16 bytes.
"""

from typing import Final

from archive.keys.wire.message import AnswerMessage, AskMessage

# So many keys, and recordings, fit into a message with room to spare and are done with in a
# fraction of the 100 ms that one request may hold up all others.
MAX_KEYS: Final = 800
MAX_DESTROYED: Final = 64
MAX_HOLDS: Final = 1_000


class PlaceHold(AskMessage, frozen=True, kw_only=True, tag="place_hold"):
    """Raise the fence: nothing of this tenant is destroyed until the hold is placed."""

    hold: bytes
    tenant: bytes


class HoldKeys(AskMessage, frozen=True, kw_only=True, tag="hold_keys"):
    """Have a hold keep these keys, at most `MAX_KEYS`."""

    hold: bytes
    keys: tuple[bytes, ...]


class ActivateHold(AskMessage, frozen=True, kw_only=True, tag="activate_hold"):
    """The hold has all its keys: lower the fence."""

    hold: bytes


class CancelHold(AskMessage, frozen=True, kw_only=True, tag="cancel_hold"):
    """Give up a placing; its keys go some hundred at a time, so ask until it is done."""

    hold: bytes


class ReleaseHold(AskMessage, frozen=True, kw_only=True, tag="release_hold"):
    """Let go of an active hold's keys, some hundred at a time; ask until it is done."""

    hold: bytes


class ReadFence(AskMessage, frozen=True, kw_only=True, tag="fence"):
    """How many holds this tenant has had, and how many are being placed."""

    tenant: bytes


class ListHolds(AskMessage, frozen=True, kw_only=True, tag="list_holds"):
    """The holds of a tenant behind an id, in their order, at most `MAX_HOLDS`."""

    tenant: bytes
    behind: bytes


class OpenPlan(AskMessage, frozen=True, kw_only=True, tag="open_plan"):
    """Begin a plan, or its text anew; what came of it goes in steps, so ask until it is done.

    `share_ppm`: millionths of the archive that may go in a day.
    """

    plan: bytes
    tenant: bytes
    digest: bytes
    due_us: int
    share_ppm: int


class PlanText(AskMessage, frozen=True, kw_only=True, tag="plan_text"):
    """The next piece of a plan's text, behind the `at` bytes that came (`lifecycle.plan_text`).

    `lines`: for each line that ends in it the id of its recording and the number of its keys;
    an empty id: it tells of none, or of one that is not in the catalog any more.
    """

    plan: bytes
    at: int
    text: bytes
    lines: tuple[tuple[bytes, int], ...]


class SealPlan(AskMessage, frozen=True, kw_only=True, tag="seal_plan"):
    """The plan is approved as its text is: nothing is added any more."""

    plan: bytes


class EndPlan(AskMessage, frozen=True, kw_only=True, tag="end_plan"):
    """Nothing more of the plan is destroyed; its list goes in steps, so ask until it is done."""

    plan: bytes


class Destroy(AskMessage, frozen=True, kw_only=True, tag="destroy"):
    """Destroy the keys of recordings of a plan, at most `MAX_DESTROYED` of them.

    `generation`: the fence's when the recordings were last judged.
    """

    plan: bytes
    generation: int
    recordings: tuple[bytes, ...]


class ConfirmClock(AskMessage, frozen=True, kw_only=True, tag="confirm_clock"):
    """A person says that date and time of this machine are right."""


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


GuardAsk = (
    PlaceHold
    | HoldKeys
    | ActivateHold
    | CancelHold
    | ReleaseHold
    | ReadFence
    | ListHolds
    | OpenPlan
    | PlanText
    | SealPlan
    | EndPlan
    | Destroy
    | ConfirmClock
)
GuardAnswer = FenceAnswer | HeldKeysAnswer | HoldsAnswer | DoneAnswer | DestroyedAnswer
