"""Numbers and names that a source tells of a call beside its participants, as they are answered.

Knows nothing of where they stood or of how they are found.
"""

from datetime import datetime, tzinfo
from typing import Self

from pydantic import BaseModel

from api.web.http.times import shown
from archive.call.mentions import ToldAs, ToldMention


class MentionView(BaseModel):
    """A number or name, as what it was told and in which header or element (`key`).

    `number` is in E.164 where it is one, `as_received` its user part; both empty where only a name
    is told. None of them decides anything.
    """

    at: datetime
    told_as: ToldAs
    number: str
    as_received: str
    address: str
    name: str
    key: str

    @classmethod
    def show(cls, told: ToldMention, zone: tzinfo) -> Self:
        """A mention with its time in `zone`."""
        number, mention = told.number, told.mention
        return cls(
            at=shown(told.at_us, zone),
            told_as=mention.told_as,
            number=number.e164 or (number.raw if number.reversed_digits else ""),
            as_received=number.raw,
            address=mention.address,
            name=mention.name,
            key=mention.key,
        )
