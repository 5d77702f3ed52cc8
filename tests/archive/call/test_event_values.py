"""Values that events are made of."""

import msgspec

from archive.call.event_values import Name, NameId
from archive.call.events import ParticipantChanged, decode_event, encode_event


def test_an_event_without_the_later_fields_is_read() -> None:
    """Recordings that are there have none of them."""
    body = b'{"type":"participant_changed","at_us":1,"what":"joined","participant":"p"}'

    assert decode_event(body) == ParticipantChanged(at_us=1, what="joined", participant="p")


def test_addresses_with_their_names_come_back_as_they_were() -> None:
    """An address may have a name in each of several languages, or none."""
    names = (Name("田中", "ja"), Name("Tanaka", "en"))
    told = ParticipantChanged(
        at_us=1,
        what="joined",
        participant="p",
        name_ids=(NameId("sip:2001@x", names), NameId("tel:1")),
    )

    assert decode_event(encode_event(told)) == told
    assert msgspec.json.encode(NameId("tel:1")) == b'{"aor":"tel:1","names":[]}'
