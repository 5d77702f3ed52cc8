"""Where a waveform is flat for a reason, as a header beside it (a list of RFC 8941 §3.1).

Knows nothing of waveforms. Ids of participants stay out of headers.
"""

from collections.abc import Iterable
from typing import Final

from archive.reading.silences import Silence

SILENCES: Final = "Silences"
SILENCES_DOCUMENTED: Final = {
    "description": (
        "Intervals in which nothing is heard for a reason: the second at which each begins, with "
        "`until`, `because` (`pause` or `hold`) and `channels` from the left, the first is 1; "
        'as in `1.000;until=2.500;because=hold;channels="2"`'
    ),
    "schema": {"type": "string"},
}
_US_PER_S: Final = 1_000_000
# A header of some 8 KiB; calls with more are told in `holds` and `masked` of the recording.
MAX_TOLD: Final = 120


def silences_told(silences: Iterable[Silence]) -> str:
    """The header's value; \"\" for none. What is beyond `MAX_TOLD` is told as `more`."""
    told = [_told(each) for each in silences]
    more = [f"more={len(told) - MAX_TOLD}"] if len(told) > MAX_TOLD else []
    return ", ".join([*told[:MAX_TOLD], *more])


def _told(silence: Silence) -> str:
    channels = " ".join(str(number + 1) for number in silence.channels)
    return (
        f"{_seconds(silence.from_us)};until={_seconds(silence.until_us)}"
        f';because={silence.because};channels="{channels}"'
    )


def _seconds(us: int) -> str:
    return f"{max(us, 0) / _US_PER_S:.3f}"
