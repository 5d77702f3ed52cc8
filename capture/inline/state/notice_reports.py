"""What is known of a notice to one party: its last packet, and what RTCP has said of it so far.

Pure values. Knows nothing of calls or of how it is told.
"""

from typing import Final, Self

import msgspec

from capture.links.relay_messages import Played, Reported

# Eight bits behind the point: the highest of them is as good as all.
_MOST_DISCARDED: Final = 255


class NoticeReports(msgspec.Struct, frozen=True, kw_only=True):
    """`last` is the sequence of the notice's last packet that went out, −1: none has.

    `highest` is the highest one that the party has received (RFC 3550 §6.4.1), `count` how many
    reports have come until one covered the last packet; that one is the last that counts. `lost`,
    `jitter` and `discards` (of 256, as it said last) are as it says, about what it was sent from
    `first` on, −1: nothing was. `is_played`: the relay has told what it has sent.
    """

    is_played: bool = False
    first: int = -1
    last: int = -1
    count: int = 0
    highest: int = -1
    lost: int = 0
    jitter: int = 0
    discards: int = 0

    @property
    def is_through(self) -> bool:
        """Does the last report cover the notice's last packet?"""
        return 0 <= self.last <= self.highest

    @property
    def sent(self) -> int:
        """How many packets the last report speaks of: lost, or come."""
        return max(0, self.highest - self.first + 1) if self.first >= 0 else 0

    @property
    def discarded(self) -> int:
        """How many of those that came were thrown away, as nearly as the party says it."""
        return round(max(0, self.sent - self.lost) * self.discards / _MOST_DISCARDED)

    def played(self, told: Played, first: int) -> Self:
        """A prompt of it is over; another one that follows it has the last packet then.

        The party was sent something from `first` on.
        """
        numbers = told.packets + told.refused
        last = told.first_sequence + numbers - 1 if told.packets else self.last
        first = self.first if self.first >= 0 else first
        return msgspec.structs.replace(self, is_played=True, first=first, last=last)

    def heard(self, told: Reported) -> Self:
        """One more report; what comes behind one that covers all of it is of other packets."""
        if self.is_through:
            return self
        return msgspec.structs.replace(
            self,
            count=self.count + 1,
            highest=told.highest_sequence,
            lost=told.lost,
            jitter=told.jitter,
            discards=self.discards if told.discards is None else told.discards,
        )


NOTHING_HEARD = NoticeReports()
