"""By which ids a call is known."""

import pytest

from archive.call.call_identity import identity_in
from archive.call.events import CallIdKind, CallIdKnown
from tests.archive.catalog.examples import inbound, of_group


def known(kind: CallIdKind, value: str) -> CallIdKnown:
    return CallIdKnown(at_us=1, kind=kind, value=value)


def test_all_ids_of_a_call_are_told_once() -> None:
    """Its own, the client's names, and those of others."""
    events = (*inbound(), of_group("g"), known("ucid", "u"), known("ucid", "u"))

    assert identity_in(events).ids == (
        ("recording_session", "call-id"),
        ("communication_session", "call in g"),
        ("group", "g"),
        ("ucid", "u"),
    )


def test_our_own_name_joins_first_then_the_clients_then_vendors_ids() -> None:
    """The strongest id that is shared names the conversation."""
    events = (known("icid", "i"), known("joined_call", "j"), of_group("g"), known("gcid", "c"))

    assert identity_in(events).joins == (
        ("joined_call", "j"),
        ("group", "g"),
        ("communication_session", "call in g"),
        ("gcid", "c"),
        ("icid", "i"),
    )


@pytest.mark.parametrize(
    ("kind", "value", "whole"),
    [
        ("broadworks_tracking", "77:1", ("broadworks_tracked_call", "77")),
        ("call_id", "callhalf-9:0", ("broadworks_half_call", "callhalf-9")),
        ("call_id", "callhalf-9", ("broadworks_half_call", "callhalf-9")),
    ],
)
def test_what_numbers_the_dialogs_of_a_call_names_the_call_too(
    kind: CallIdKind, value: str, whole: tuple[str, str]
) -> None:
    """Behind the colon stands which of them it is."""
    found = identity_in((known(kind, value),))

    assert (kind, value) in found.ids
    assert whole in found.ids
    assert whole in found.joins


def test_another_clients_call_id_joins_nothing() -> None:
    """It is searched by, and may be anything."""
    assert identity_in((known("call_id", "a@b:0"),)).joins == ()
