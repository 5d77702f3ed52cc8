"""What is known of a notice to one party: its last packet, and what RTCP has said of it so far.

Pure values. Knows nothing of calls or of how it is told.
"""

from typing import Self

import msgspec

from capture.relaying import Played, Reported


class NoticeReports(msgspec.Struct, frozen=True, kw_only=True):
    """`last` is the sequence of the notice's last packet that went out, −1: none has.

    `highest` is the highest one that the party has received (RFC 3550 §6.4.1), `count` how many
    reports have come until one covered the last packet; that one is the last that counts. `lost`
    and `jitter` are as it says. `is_played`: the relay has told what it has sent.
    """

    is_played: bool = False
    last: int = -1
    count: int = 0
    highest: int = -1
    lost: int = 0
    jitter: int = 0

    @property
    def is_through(self) -> bool:
        """Does the last report cover the notice's last packet?"""
        return 0 <= self.last <= self.highest

    def played(self, told: Played) -> Self:
        """A prompt of it is over; another one that follows it has the last packet then."""
        numbers = told.packets + told.refused
        last = told.first_sequence + numbers - 1 if told.packets else self.last
        return msgspec.structs.replace(self, is_played=True, last=last)

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
        )


NOTHING_HEARD = NoticeReports()
