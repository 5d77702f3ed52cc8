"""Numbers that are not shown: why, and how devices and operators write that.

Pure. Knows nothing of calls.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from archive.call.numbers import user_part


class Withheld(StrEnum):
    """Why a number was not shown."""

    CALLER = "caller"
    PAY_PHONE = "pay_phone"
    OUT_OF_AREA = "out_of_area"
    UNKNOWN = "unknown"

    def fits(self, told: "Withheld | None") -> bool:
        """Whether it is the reason that is told; where either is not known, it may be."""
        return Withheld.UNKNOWN in (told, self) or told in (None, self)


# In the place of a number, or as the name beside it (in Japan by TTC JJ-90.22).
_HIDDEN: Final[Mapping[str, Withheld]] = {
    "anonymous": Withheld.CALLER,
    "restricted": Withheld.CALLER,
    "withheld": Withheld.CALLER,
    "private": Withheld.CALLER,
    "unavailable": Withheld.UNKNOWN,
    "interaction with other service": Withheld.UNKNOWN,
    "payphone": Withheld.PAY_PHONE,
    "coin line/payphone": Withheld.PAY_PHONE,
}
_HIDDEN_HOST: Final = "anonymous.invalid"


def why_hidden(raw: str) -> Withheld | None:
    """Why an address does not show the number, where it says that it does not."""
    told = raw.casefold()
    named = _HIDDEN.get(told) or _HIDDEN.get(user_part(told))
    return named or (Withheld.CALLER if _HIDDEN_HOST in told else None)


def why_unnamed(label: str) -> Withheld | None:
    """Why somebody has no other name than this; None: it is one."""
    return _HIDDEN.get(label.casefold())
