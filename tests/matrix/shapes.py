"""What each vendor's session of the corpus really was: written by hand, from what its client says.

The story that its messages tell, second by second, and why something of it can not be known. Knows
nothing of what Rokuon makes of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from tests.vendors.expected import CUSTOMER

Column = Literal["numbers", "names", "roles", "direction", "sides", "holds", "gaps", "end"]
COLUMNS: Final[tuple[Column, ...]] = (
    "numbers", "names", "roles", "direction", "sides", "holds", "gaps", "end",
)  # fmt: skip
# The messages of a session come at these seconds; it is hung up at the last.
MESSAGES_S: Final = (0, 3, 5)
END_S: Final = 8
# The customer begins to speak so much late, and the agent stops so much early.
EDGE_S: Final = 2
NOBODY_SAYS: Final = "nothing says who called"
OWN_CALLS: Final = "From and To are the client's and the recorder's own"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """`agents` are ours, by their user parts; all are customers of theirs but these.

    `names` are told of people. `caller` is who called, `direction` how that lies. `held` are who is
    on hold ("" where nobody is known to speak there yet) from one second to another. `begins_s` is
    when there is a call on the customer's line and on the agent's. `untold` is why nobody can know
    what stands in a column.
    """

    agents: tuple[str, ...] = ("2001",)
    has_customer_number: bool = True
    names: tuple[str, ...] = ()
    caller: str = CUSTOMER
    direction: str = "inbound"
    held: tuple[tuple[str, int, int], ...] = ()
    begins_s: tuple[int, int] = (0, 0)
    untold: Mapping[Column, str] = field(default_factory=dict)


_UNSAID: Final[Mapping[Column, str]] = {"roles": NOBODY_SAYS, "direction": NOBODY_SAYS}
_OWN: Final[Mapping[Column, str]] = {"roles": OWN_CALLS, "direction": OWN_CALLS}

SHAPES: Final[Mapping[str, Shape]] = {
    "audiocodes": Shape(untold=_UNSAID),
    "audiocodes_legacy": Shape(untold=_UNSAID),
    # Its callee is the border controller's placeholder: whoever answered is told nowhere.
    "avaya_sbce": Shape(agents=("ASBCE",)),
    "avaya_mixed": Shape(agents=("2001", "2002"), names=("Tanaka", "中田")),
    "broadworks": Shape(held=((CUSTOMER, 3, END_S), ("2001", 3, END_S))),
    "broadworks_mixed": Shape(agents=("0355502001",), caller="0355502001", direction="outbound"),
    "cisco_cube": Shape(names=("Desk",), held=((CUSTOMER, 3, END_S),), untold=_UNSAID),
    "cisco_cucm": Shape(agents=("2001",), names=("Desk",), untold=_UNSAID),
    "cisco_nbr": Shape(untold=_UNSAID),
    "freeswitch": Shape(untold=_UNSAID),
    "metaswitch": Shape(untold=_UNSAID),
    "opensips": Shape(),
    "opensips_callee_first": Shape(),
    "oracle": Shape(held=(("", 0, 3),), begins_s=(0, 3)),
    "persistent": Shape(caller="2001", direction="outbound", begins_s=(3, 3), untold=_UNSAID),
    "rfc7865": Shape(
        agents=("2001", "2002"), names=("山田 太郎", "Desk 1"), held=((CUSTOMER, 3, END_S),),
        untold=_UNSAID,
    ),
    "ribbon": Shape(),
    "sbc_callee_first": Shape(untold=_OWN),
}  # fmt: skip
