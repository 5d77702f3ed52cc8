"""How long the relay's word on a notice is waited for: nobody stays in silence for ever.

Steps over one line. Knows nothing of what follows from a notice that was not played.
"""

from collections.abc import Iterator
from typing import Final

import msgspec

from capture.inline.call import InlineCall
from capture.inline.events import NoticePlayed
from capture.inline.lines import Line
from capture.inline.stages import NoticeStage
from capture.relaying import Outcome, Side

# A relay that was killed has a successor in a second, and what is late leaves at once.
RELAY_GRACE_US: Final = 10_000_000
# No prompt is longer (docs/inline.md section Prepared prompts); of one it may not be known.
LONGEST_PROMPT_MS: Final = 600_000


def timed(line: Line, before: InlineCall, now_us: int) -> Line:
    """With the moment at which what is played to each side was ordered."""
    ordered = list(line.ordered_us)
    for side in Side:
        if line.call.end(side).plays != before.end(side).plays:
            ordered[side] = now_us
    return msgspec.structs.replace(line, ordered_us=(ordered[0], ordered[1]))


def unheard_of(line: Line, now_us: int) -> Iterator[NoticePlayed]:
    """What is taken for not played: prompts of which the relay should have spoken long ago."""
    for end in (line.call.caller, line.call.callee):
        since_us = line.ordered_us[end.side]
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
