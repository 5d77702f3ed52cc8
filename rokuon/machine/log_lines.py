"""A log line as somebody at a terminal reads it: the time, the part, a sentence.

Knows nothing of what is logged, nor of where lines go.
"""

from collections.abc import Mapping, MutableMapping
from datetime import datetime
from typing import Any, Final

from rokuon.machine.visible_text import visible

# What stands in a place of its own.
_PLACED: Final = frozenset({"timestamp", "part", "level", "event", "exception"})
# As wide as the longest name of a part.
_PART_CHARS: Final = 10
# What is said of a line that is no news; of others the level stands before the sentence.
_PLAIN: Final = "info"


def line_for_people(_logger: object, _method: str, event: MutableMapping[str, Any]) -> str:
    """The line; what an error brought with it stands below."""
    at = datetime.fromisoformat(event["timestamp"]).astimezone()
    level = "" if event["level"] == _PLAIN else f"{event['level']}: "
    told = f"{at:%H:%M:%S}  {event.get('part', ''):<{_PART_CHARS}}  {level}{_sentence(event)}"
    below = event.get("exception", "")
    return _one_line(told) + (f"\n{visible(below)}" if below else "")


def _sentence(event: Mapping[str, Any]) -> str:
    """What happened; a code such as `keeper.part_stuck` as words."""
    text = str(event["event"])
    if " " not in text:
        text = text.rpartition(".")[2].replace("_", " ")
    details = "; ".join(
        f"{key.replace('_', ' ')}: {value}"
        for key, value in event.items()
        if key not in _PLACED and value not in ("", None)
    )
    return f"{text} ({details})" if details else text


def _one_line(text: str) -> str:
    return visible(text).replace("\n", "\\n")
