"""Ids of calls, as the vendors' documents show them."""

import pytest

from capture.metadata.call_ids import CallId, ids_in_headers, ids_in_metadata, session_ids, ucids
from capture.metadata.snapshot import MetadataSnapshot
from capture.metadata.snapshot_reader import parse_metadata
from capture.metadata.vendor_elements import extensions_of
from capture.sip.build import Header
from capture.sip.parser import split_message
from tests.capture.siprec.documents import BROADWORKS_CALL, recording
from tests.capture.siprec.stage import request

LOCAL, REMOTE = "ab30317f1a784dc48ff824d0d3715d86", "47755a9de7794ba387653f2099600ef2"


def in_document(document: MetadataSnapshot, call: str) -> tuple[CallId, ...]:
    return ids_in_metadata(document, call, extensions_of(document, call))


def in_headers(*headers: Header, also: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    """What a message with these headers bears."""
    ids = ids_in_headers(split_message(request(b"INVITE", *headers)), also)
    return [(each.kind, each.value) for each in ids]


def test_what_dial_plans_call_their_ids_is_known() -> None:
    """Neither PBX sends them by itself; a site may name one of its own."""
    headers = ((b"X-Asterisk-Unique-ID", b"1.2"), (b"X-FreeSWITCH-UUID", b"u"), (b"X-Own", b"o"))

    assert in_headers(*headers) == [("asterisk_uniqueid", "1.2"), ("freeswitch_uuid", "u")]
    assert in_headers(*headers, also=("X-Own", "X-None"))[-1] == ("call_id", "o")


def test_a_session_id_is_two_and_neither_is_nobodys() -> None:
    """RFC 7989 §5: before the other side is known its UUID is nil."""
    both = in_headers((b"Session-ID", f"{LOCAL};remote={REMOTE}".encode()))
    one = in_headers((b"Session-ID", LOCAL.upper().encode() + b" ;remote=" + b"0" * 32))

    assert both == [("session_id", LOCAL), ("session_id", REMOTE)]
    assert one == [("session_id", LOCAL)]


def test_a_session_id_in_metadata_may_be_broken_over_lines() -> None:
    """RFC 7865 §8.1 itself shows one."""
    assert [each.value for each in session_ids(f"{LOCAL};\n    remote={REMOTE}")] == [LOCAL, REMOTE]


def test_a_call_id_in_its_place_is_no_session_id() -> None:
    """OpenSIPS writes it there; it may begin with as many hexadecimal digits."""
    assert list(session_ids(f"{LOCAL}@carrier.example")) == []


@pytest.mark.parametrize(
    "text",
    [
        "00FA080019001038F725B3;encoding=hex",
        "FA080019001038F725B3",
        " 00c80412345678fa080019001038f725b3",
        "0019001038F725B3",
    ],
)
def test_a_ucid_is_shown_as_avaya_shows_it(text: str) -> None:
    """Node, sequence and time in decimal; bare, or among other user-to-user information."""
    assert list(ucids(text)) == [CallId("ucid", "00025000160955721139")]


@pytest.mark.parametrize("text", ["", "00", "00FA", "00FA08001900", "hello", "00FA07" + "11" * 7])
def test_what_is_no_ucid_is_none(text: str) -> None:
    """Other applications use the header for other things."""
    assert list(ucids(text)) == []


def test_a_guid_of_cisco_is_that_of_its_call_detail_records() -> None:
    """Four decimal words in the header, hexadecimal in the record."""
    found = in_headers((b"Cisco-Guid", b"2726326442-2929856-4294967295-1"))

    assert found == [("cisco_guid", "a28070aa002cb4c0ffffffff00000001")]
    assert in_headers((b"Cisco-Guid", b"4294967296-1-1-1")) == []


def test_other_headers_are_taken_as_they_stand() -> None:
    """Whatever is in them is what is searched for."""
    assert in_headers(
        (b"X-Genesys-CallUUID", b"4BOKLLA3VH66JF112M1CC9VHKS14F0KP"),
        (b"P-Charging-Vector", b'icid-value="abc-1";orig-ioi=x.example'),
    ) == [("icid", "abc-1"), ("genesys_uuid", "4BOKLLA3VH66JF112M1CC9VHKS14F0KP")]


def test_a_pair_of_one_way_dialogs_names_its_call_in_from() -> None:
    """Cisco's network-based recording: near end and far end, one reference."""
    message = request(b"INVITE").replace(
        b"<sip:src@192.0.2.1>", b"<sip:src@192.0.2.1;x-nearend;x-refci=27298698;x-nearenddn=4021>"
    )
    (found,) = ids_in_headers(split_message(message))

    assert found == CallId("cisco_reference", "27298698")


def test_the_guid_and_the_session_of_the_far_end_are_in_from_too() -> None:
    """CUCM writes what its trunk told it behind the address of the phone."""
    guid, session = "694646bc1d2311e7a8d2826acb31d85a", LOCAL
    address = f"<sip:src@192.0.2.1;x-farend;x-farendguid={guid.upper()};x-sessionid={session}>"
    message = request(b"INVITE").replace(b"<sip:src@192.0.2.1>", address.encode())

    found = [(each.kind, each.value) for each in ids_in_headers(split_message(message))]
    assert found == [("cisco_guid", guid), ("session_id", session)]


def test_vendors_put_them_into_extensions_too() -> None:
    """Under their own names and prefixes, anywhere in the document."""
    document = recording(
        '<session session_id="s"><extensiondata xmlns:apkt="http://acmepacket.com/siprec/x">'
        "<apkt:ucid>00FA080019001038F725B3;encoding=hex</apkt:ucid></extensiondata>"
        f"<sipSessionID>{LOCAL}</sipSessionID></session>",
        '<group group_id="g"><callData xmlns="urn:ribbon"><gcid>22</gcid><callid>a@b</callid>'
        "</callData></group>",
    )

    assert set(in_document(parse_metadata(document), "s")) == {
        CallId("session_id", LOCAL), CallId("ucid", "00025000160955721139"),
        CallId("gcid", "22"), CallId("call_id", "a@b"),
    }  # fmt: skip
    assert CallId("broadworks_tracking", "152463:1") in in_document(
        parse_metadata(BROADWORKS_CALL.encode()), "urn:uuid:ses"
    )


def test_of_two_calls_in_one_document_each_has_its_own_ids() -> None:
    """Else a search for the one would find the other."""
    document = parse_metadata(
        recording(
            f'<session session_id="a"><sipSessionID>{LOCAL}</sipSessionID></session>',
            '<session session_id="b"><gcid xmlns="urn:ribbon">22</gcid></session>',
        )
    )

    assert in_document(document, "a") == (CallId("session_id", LOCAL),)
    assert in_document(document, "b") == (CallId("gcid", "22"),)


def test_an_endless_id_is_none() -> None:
    """Each is a row of the index."""
    assert in_headers((b"X-Genesys-CallUUID", b"x" * 129)) == []


def test_ids_that_clients_put_elsewhere_are_found() -> None:
    """Avaya's session_id is a UCID, OpenSIPS writes the Call-ID, Oracle a GUID beside a UCID."""
    document = recording(
        '<session session_id="0019001038F725B3"><sipSessionID>a84b@pbx;x=1</sipSessionID>'
        f'<a:ucid xmlns:a="urn:a">{LOCAL}</a:ucid>'
        '<a:header xmlns:a="urn:a" label="Call-ID">7f@sbc</a:header></session>'
    )
    found = in_document(parse_metadata(document), "0019001038F725B3")

    assert {(each.kind, each.value) for each in found} == {
        ("ucid", "00025000160955721139"),
        ("call_id", "a84b@pbx"),
        ("call_id", "7f@sbc"),
        ("cisco_guid", LOCAL),
    }
