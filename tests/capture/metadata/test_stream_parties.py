"""Who speaks on which stream."""

import msgspec
import pytest

from capture.metadata.snapshot import Name
from capture.metadata.snapshot_reader import parse_metadata
from capture.metadata.stream_parties import StreamParty, parties, user_part
from tests.capture.siprec.documents import GROUPED_CALL, recording

SNAPSHOT = parse_metadata(GROUPED_CALL.encode())
ALICE = '<participant participant_id="a"><nameID aor="sip:1@x"/></participant>'
BOB = '<participant participant_id="b"><nameID aor="sip:2@x"/></participant>'
STREAM = '<stream stream_id="s"><label>7</label></stream>'


def sends(participant: str, *times: str) -> str:
    association = f'<participantstreamassoc participant_id="{participant}"><send>s</send>'
    return f"{association}{''.join(times)}</participantstreamassoc>"


def users(labels: list[str | None], *members: str) -> list[str]:
    return [party.user for party in parties(parse_metadata(recording(*members)), labels)]


def test_each_labelled_stream_has_the_party_that_sends_on_it() -> None:
    """Label to stream, stream to association, association to participant."""
    agent, customer = parties(SNAPSHOT, ["97", "96"])
    ids = [each.participant_id for each in SNAPSHOT.participants]
    customer_at = ids.index("Y3VzdG9tZXIgb2Ygb3Vycw==")

    assert customer == StreamParty(
        position=1,
        label="96",
        participant_id="Y3VzdG9tZXIgb2Ygb3Vycw==",
        aor="tel:+81355550100",
        user="+81355550100",
        names=(Name("田中 花子", "ja"), Name("Hanako Tanaka", "en")),
        name_ids=SNAPSHOT.participants[customer_at].name_ids,
    )
    assert (agent.position, agent.user) == (0, "+4021")


def test_a_label_that_the_document_does_not_have_has_no_party() -> None:
    """A guess would put one person's words into another's mouth."""
    assert parties(SNAPSHOT, ["0", "1"]) == ()
    assert [party.position for party in parties(SNAPSHOT, ["0", "96"])] == [1]


def test_streams_without_any_label_are_taken_in_order() -> None:
    """A peer that labels neither side lists both in the same order."""
    assert [party.user for party in parties(SNAPSHOT, [None, None])] == ["+81355550100", "+4021"]
    assert parties(SNAPSHOT, [None]) == ()


def test_a_mixed_stream_has_all_its_senders() -> None:
    """An SRC that mixes sends one stream for everybody."""
    assert users(["7"], ALICE, BOB, STREAM, sends("a"), sends("b")) == ["1", "2"]


def test_who_has_left_a_stream_gives_way_to_who_is_there() -> None:
    """After a transfer the new party speaks on the old stream."""
    left = "<disassociate-time>2026-11-25T10:00:00Z</disassociate-time>"

    assert users(["7"], ALICE, BOB, STREAM, sends("a", left), sends("b")) == ["2"]
    assert users(["7"], ALICE, STREAM, sends("a", left)) == ["1"]


def test_who_has_left_the_call_has_left_its_streams() -> None:
    """A client may end the one association and say nothing of the other; two would be a mix."""
    left = "<disassociate-time>2026-11-25T10:00:00Z</disassociate-time>"
    back = "<associate-time>2026-11-25T10:01:00Z</associate-time>"
    stay = '<participantsessionassoc participant_id="a" session_id="c">{}</participantsessionassoc>'

    assert users(["7"], ALICE, BOB, STREAM, stay.format(left), sends("a"), sends("b")) == ["2"]
    both = users(["7"], ALICE, BOB, STREAM, stay.format(left + back), sends("a"), sends("b"))
    assert both == ["1", "2"]


def test_who_has_left_a_stream_and_is_back_speaks_there_again() -> None:
    """A whole document may tell of both times."""
    times = "<disassociate-time>2026-11-25T10:00:00Z</disassociate-time>"
    times += "<associate-time>2026-11-25T10:01:00Z</associate-time>"

    assert users(["7"], ALICE, BOB, STREAM, sends("a", times), sends("b")) == ["1", "2"]


def test_a_sender_outside_the_document_is_named_by_id() -> None:
    """References may point outside a partial document."""
    (party,) = parties(parse_metadata(recording(STREAM, sends("z"))), ["7"])

    assert (party.participant_id, party.aor, party.names) == ("z", "", ())


@pytest.mark.parametrize(
    ("aor", "user"),
    [
        ("sip:4021@pbx.example.com", "4021"),
        ("sips:4021@pbx.example.com;user=phone", "4021"),
        ("sip:%2B4021;phone-context=desk@pbx", "+4021"),
        ("SIP:agent:secret@pbx", "agent"),
        ("tel:+81355550100;ext=7", "+81355550100"),
        ("sip:pbx.example.com", ""),
        ("sip:@pbx.example.com", ""),
        ("4021@pbx.example.com", "4021"),
        ("anonymous", ""),
        ("", ""),
    ],
)
def test_the_user_part_is_without_parameters_and_escapes(aor: str, user: str) -> None:
    """It is what an extension table is searched for."""
    assert user_part(aor) == user


def test_a_party_comes_back_from_bytes_as_it_was() -> None:
    """Calls are kept as bytes."""
    (party, _) = parties(SNAPSHOT, ["96", "97"])

    assert msgspec.msgpack.decode(msgspec.msgpack.encode(party), type=StreamParty) == party
