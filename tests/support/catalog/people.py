"""What tests of people share."""

from msgspec.structs import replace

from archive.call.events import Event, Name, NameId, ParticipantChanged
from tests.archive.catalog.examples import AGENT, CUSTOMER, STARTED_US, opened, party, stream

PEOPLE = (
    ("a", (NameId(CUSTOMER, (Name("佐藤 花子"),)),)),
    ("b", (NameId(AGENT, (Name("田中 真由"),)), NameId("tel:+81355501234"))),
    ("c", (NameId("sip:0398765432"),)),
)


def mixed_call() -> tuple[Event, ...]:
    """One stream on which three participants speak."""
    joined = [
        ParticipantChanged(
            at_us=STARTED_US,
            what="joined",
            participant=who,
            aor=name_ids[0].aor,
            name_ids=name_ids,
            speaks=(0,),
            side="agent" if who == "b" else "customer",
            because="internal_number",
        )
        for who, name_ids in PEOPLE
    ]
    spoken = replace(party(0, CUSTOMER, "unknown"), participant="a", also=("b", "c"))
    return (opened(), stream(0), *joined, spoken)
