"""Messages find their dialog."""

from archive.call.events import SipMessage
from archive.call.sip_dialogs import call_id_of, dialogs, header


def message(
    first: str, *, call: str = "one", tags: str = "a", at_us: int = 1, **parts: object
) -> SipMessage:
    """A message of a call with a From tag and, behind a blank, a To tag."""
    ours, _, theirs = tags.partition(" ")
    to = f"<sip:b@b>;tag={theirs}" if theirs else "<sip:b@b>"
    lines = [first, "Via: SIP/2.0/TCP 192.0.2.1;branch=z9hG4bKx", f"f: <sip:a@a>;tag={ours}"]
    lines += [f"To: {to}", f"i: {call}", "CSeq: 1 INVITE", "", ""]
    values: dict[str, object] = {
        "at_us": at_us, "is_received": not first.startswith("SIP/"), "transport": "tcp",
        "local": "192.0.2.9:5060", "remote": "192.0.2.1:40000",
    } | parts  # fmt: skip
    return SipMessage(data="\r\n".join(lines).encode(), **values)  # type: ignore[arg-type]


def test_each_leg_of_a_call_is_a_dialog_of_its_own() -> None:
    """Between two legs that take turns nobody can follow either."""
    talk = [
        message("INVITE sip:b SIP/2.0"),
        message("INVITE sip:c SIP/2.0", call="two", tags="x"),
        message("SIP/2.0 180 Ringing", call="two", tags="x y"),
        message("SIP/2.0 200 OK", tags="a b"),
        message("BYE sip:a SIP/2.0", tags="b a"),
    ]
    first, second = dialogs(talk)

    assert (first.call_id, first.tags, len(first.messages)) == ("one", ("a", "b"), 3)
    assert (second.call_id, second.tags, len(second.messages)) == ("two", ("x", "y"), 2)


def test_an_invite_that_rings_at_two_places_makes_two_dialogs() -> None:
    """Their tags tell them apart (RFC 3261 §12.1.2)."""
    talk = [
        message("INVITE sip:b SIP/2.0"),
        message("SIP/2.0 180 Ringing", tags="a b"),
        message("SIP/2.0 180 Ringing", tags="a c"),
    ]

    assert [(each.tags, len(each.messages)) for each in dialogs(talk)] == [
        (("a", "b"), 2),
        (("a", "c"), 1),
    ]


def test_a_message_says_of_which_call_it_is() -> None:
    """Also in the short form of its headers; what has none says nothing."""
    assert call_id_of(message("INVITE sip:b SIP/2.0", call="7@pbx")) == "7@pbx"
    assert header(b"INVITE sip:b SIP/2.0\r\n\r\nCall-ID: in the body", b"call-id") == b""
