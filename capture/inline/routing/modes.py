"""Whether a call is recorded, where route and target both have a say.

Pure. Knows nothing of routes beyond their word.
"""

from enum import StrEnum


class Mode(StrEnum):
    """What somebody wants; `force` and `never` hold for the whole call."""

    FORCE = "force"
    YES = "yes"
    DONT_CARE = "dont-care"
    NO = "no"
    NEVER = "never"

    @property
    def is_recorded(self) -> bool:
        """Does a call of this mode begin with being recorded?"""
        return self in {Mode.FORCE, Mode.YES}

    @property
    def is_fixed(self) -> bool:
        """Can nobody change it while the call is up?"""
        return self in {Mode.FORCE, Mode.NEVER}


class Decider(StrEnum):
    """Whose word counts."""

    ROUTE = "route"
    TARGET = "target"
    BOTH = "both"
    NOBODY = "nobody"


def decider(route: Mode, target: Mode) -> Decider:
    """Whose word counts: `never` before `force` before the later one on the way.

    Where neither has an opinion it is nobody's, and the call is not recorded.
    """
    if route is target:
        return Decider.NOBODY if route is Mode.DONT_CARE else Decider.BOTH
    for strongest in (Mode.NEVER, Mode.FORCE):
        if strongest in {route, target}:
            return Decider.ROUTE if route is strongest else Decider.TARGET
    return Decider.ROUTE if target is Mode.DONT_CARE else Decider.TARGET


def agreed(route: Mode, target: Mode) -> Mode:
    """The mode of a call: never `dont-care`, for a call is recorded or it is not."""
    match decider(route, target):
        case Decider.NOBODY:
            return Mode.NO
        case Decider.TARGET:
            return target
        case Decider.ROUTE | Decider.BOTH:
            return route


def may_change(mode: Mode, *, on_demand: bool) -> bool:
    """May recording be begun or ended by hand while the call is up?"""
    return on_demand and not mode.is_fixed
