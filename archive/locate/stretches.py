"""A stretch of time with the shape of how likely it is meant.

A value alone. Knows nothing of words, nor of what people get wrong.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Flat between begin and end (UTC µs), falling linearly to nothing before and after.

    `weight`, more than 0, is relative to the other stretches of the same reading.
    """

    begin_us: int
    end_us: int
    before_us: int = 0
    after_us: int = 0
    weight: float = 1.0

    def __post_init__(self) -> None:
        assert self.begin_us <= self.end_us
        assert self.before_us >= 0
        assert self.after_us >= 0
        assert self.weight > 0
