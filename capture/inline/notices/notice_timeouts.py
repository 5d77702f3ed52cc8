"""How long a notice is waited for, the relay's word on it or a party that holds: not for ever.

Steps over one line. Knows nothing of what follows from a notice that was not played.
"""

from collections.abc import Iterator
from typing import Final

import msgspec

from capture.inline.state.bridged_calls import BridgedCall
from capture.inline.state.call import InlineCall
from capture.inline.state.call_events import HeldTooLong, NoticePlayed
from capture.inline.state.stages import NoticeStage
from capture.links.relay_messages import Outcome, Side

# A relay that was killed has a successor in a second, and what is late leaves at once.
RELAY_GRACE_US: Final = 10_000_000
# No prompt is longer (docs/inline.md section Prepared prompts); of one it may not be known.
LONGEST_PROMPT_MS: Final = 600_000


def timed(bridged: BridgedCall, before: InlineCall, now_us: int) -> BridgedCall:
    """With the moment since which each side hears what it hears, its notice being as it is."""
    since = list(bridged.heard_since_us)
    for side in Side:
        was, is_now = before.end(side), bridged.call.end(side)
        if (was.plays, was.notice) != (is_now.plays, is_now.notice):
            since[side] = now_us
    return msgspec.structs.replace(bridged, heard_since_us=(since[0], since[1]))


def held_too_long(bridged: BridgedCall, now_us: int) -> Iterator[HeldTooLong]:
    """Who has not listened for as long as somebody may ring."""
    limit_us = bridged.call.plan.ring_s * 1_000_000
    for end in bridged.call.notices:
        since_us = bridged.heard_since_us[end.side]
        if end.notice is NoticeStage.HELD and since_us and now_us - since_us > limit_us:
            yield HeldTooLong(end.side)


def unheard_of(bridged: BridgedCall, now_us: int) -> Iterator[NoticePlayed]:
    """What is taken for not played: prompts of which the relay should have spoken long ago."""
    for end in (bridged.call.caller, bridged.call.callee):
        since_us = bridged.heard_since_us[end.side]
        length_ms = end.wording.whole_ms or LONGEST_PROMPT_MS
        limit_us = length_ms * 1_000 + RELAY_GRACE_US
        is_played = end.notice is NoticeStage.PLAYING and end.plays is not None
        if is_played and since_us and now_us - since_us > limit_us:
            assert end.plays is not None
            yield NoticePlayed(
                side=end.side,
                serial=end.plays.serial,
                outcome=Outcome.FAILED,
                until_us=now_us,
                gate_us=0,
            )
