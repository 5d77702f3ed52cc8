"""The length of a call with all its recordings: people tell that, whoever they spoke with last.

Pure. Knows nothing of which recordings belong together.
"""

from collections.abc import Iterable
from typing import Final

_MS_US: Final = 1_000


def whole_length_ms(recordings: Iterable[tuple[int, int]]) -> int:
    """Of each its beginning (UTC µs) and length (ms): what two heard at once counts once.

    What lies between two counts for none: ids of a device may join calls of different days.
    """
    whole_us = until_us = 0
    for begin_us, length_ms in sorted(recordings):
        end_us = begin_us + length_ms * _MS_US
        whole_us += max(0, end_us - max(begin_us, until_us))
        until_us = max(until_us, end_us)
    return whole_us // _MS_US
