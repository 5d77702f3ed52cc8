"""What tests of direction share."""

from archive.call.events import Side, SideBecause
from archive.call.legs import Decided, LegAddress, LegFacts, LegStream
from archive.call.numbers import read_number
from tests.archive.catalog.examples import STARTED_US


def leg(
    who: str, side: Side, because: SideBecause = "internal_domain", *, stream: int = 0
) -> LegFacts:
    return LegFacts(
        participant=who,
        addresses=(LegAddress(aor=f"sip:{who}@x", number=read_number(who, "JP")),),
        names=(),
        decided=Decided(side=side, because=because),
        streams=(LegStream(stream, "sends"),),
        from_us=STARTED_US,
        until_us=STARTED_US + 1,
    )
