"""What of a recording decides how long it is kept: a value, as it was found.

Values are folded; None is what is not known, never what is not there. Knows no policy, nor where it
is found.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from archive.attributes import AttributeKind, Kept
from archive.ids import ConversationId, RecordingId
from archive.lifecycle.retention_events import EventKey, keys_of

Values = Mapping[str, frozenset[str] | None]

# Everything that is asked of a recording; a key of a tag is in the tag.
KINDS: Final = tuple(kind.value for kind in AttributeKind if kind.attribute.kept is not Kept.TAGS)
ALL_UNKNOWN: Final[Values] = dict.fromkeys(KINDS)
NOTHING_TOLD: Final[Mapping[EventKey, date]] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class RetainedRecording:
    """A recording; `ended_us` (µs since 1970 UTC) is None where its end is not known.

    `values` has each of `KINDS`. `size_bytes` is that of its files. `told` has the days on which
    what its keys name happens, as far as somebody has told them. `is_audio_gone`: only the facts
    are left.
    """

    recording: RecordingId
    call: ConversationId
    started_us: int
    ended_us: int | None
    size_bytes: int
    values: Values
    told: Mapping[EventKey, date]
    is_audio_gone: bool = False

    @property
    def event_keys(self) -> tuple[EventKey, ...]:
        """What can be told of it: by its tags, and by its agents where all are known."""
        return tuple(keys_of(self.values["tag"] or (), self.values["agent"] or ()))
