"""When the parties of an inline call may hear each other, as EVENT frames keep it.

Pure values. Knows nothing of other events, frames or the catalog.
"""

from archive.call.event_values import EventAt


class PartiesJoined(EventAt, frozen=True, kw_only=True, tag="parties_joined"):
    """Both have answered and every notice is over: who is silent from now on has said nothing."""


class PartiesParted(EventAt, frozen=True, kw_only=True, tag="parties_parted"):
    """One place of the call is vacant, or told of recording anew: nobody hears the other."""
