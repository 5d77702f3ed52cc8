"""A reach as it is sent and answered: queues, teams, controllers, number ranges.

Knows nothing of what has a reach.
"""

from typing import Annotated, Final, TypedDict

from pydantic import BaseModel, ConfigDict, Field, StrictStr

from archive.access.reach import MAX_VALUES, ReachRule

_PRINTABLE: Final = r"^[^\x00-\x1f\x7f]+$"
_NUMBERS: Final = r"^\+?[0-9]{1,32}(\*|-\+?[0-9]{1,32})?$"
Value = Annotated[StrictStr, Field(min_length=1, max_length=200, pattern=_PRINTABLE)]
Values = Annotated[list[Value], Field(max_length=MAX_VALUES)]
Range = Annotated[StrictStr, Field(pattern=_NUMBERS, examples=["+81312*", "1001-1099"])]


class Named(TypedDict):
    """What a reach names, sorted."""

    queues: list[str]
    teams: list[str]
    controllers: list[str]
    numbers: list[str]


class ReachBody(BaseModel):
    """Every kind that is named must hold, any of its values; nothing named is the whole tenant."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    queues: Values = []
    teams: Values = []
    controllers: Values = []
    numbers: Annotated[list[Range], Field(max_length=MAX_VALUES)] = []

    def rule(self) -> ReachRule:
        """The reach that this is; raises `ReachRefused`."""
        return ReachRule(
            queues=frozenset(self.queues),
            teams=frozenset(self.teams),
            controllers=frozenset(self.controllers),
            numbers=frozenset(self.numbers),
        )


class ReachView(BaseModel):
    """Within which reach; nothing named is the whole tenant."""

    queues: list[str]
    teams: list[str]
    controllers: list[str]
    numbers: list[str]

    @staticmethod
    def named(rule: ReachRule) -> Named:
        """The fields of a reach."""
        return Named(
            queues=sorted(rule.queues),
            teams=sorted(rule.teams),
            controllers=sorted(rule.controllers),
            numbers=sorted(rule.numbers),
        )
