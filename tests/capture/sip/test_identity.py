"""What makes two messages the same transaction or the same dialog."""

from capture.sip.identity import client_key, dialog_id, server_key
from capture.sip.message import Request, Response
from tests.capture.sip.scenes import peer_request, peer_response
from tests.support.sip import parse_message


def parsed(data: bytes) -> Request:
    request = parse_message(data)
    assert isinstance(request, Request)
    return request


def test_an_ack_has_the_key_of_its_invite_and_a_cancel_its_own() -> None:
    """RFC 3261 §17.2.3."""
    invite = server_key(parsed(peer_request(b"INVITE")))

    assert server_key(parsed(peer_request(b"ACK", to_tag=b"x"))) == invite
    assert server_key(parsed(peer_request(b"CANCEL"))) != invite


def test_the_same_branch_from_another_host_is_another_transaction() -> None:
    """RFC 3261 §17.2.3: a branch is unique for its sender only."""
    ours = peer_request(b"INVITE")
    other = ours.replace(b"UDP 192.0.2.1;", b"UDP 192.0.2.2;")
    assert server_key(parsed(ours)) != server_key(parsed(other))


def test_without_a_unique_branch_everything_else_decides() -> None:
    """RFC 3261 §17.2.3, the rules of RFC 2543."""
    old = peer_request(b"INVITE", branch=b"1")
    ack = peer_request(b"ACK", branch=b"1", to_tag=b"x")

    assert server_key(parsed(old)) == server_key(parsed(ack))
    for other in (
        peer_request(b"INVITE", branch=b"2"),
        peer_request(b"INVITE", branch=b"1", cseq=2),
        old.replace(b"tag=peer", b"tag=other"),
        old.replace(b"INVITE sip:srs@", b"INVITE sip:else@"),
    ):
        assert server_key(parsed(other)) != server_key(parsed(old))


def test_a_response_is_matched_by_branch_and_the_method_of_cseq() -> None:
    """RFC 3261 §17.1.3."""
    response = parse_message(peer_response(peer_request(b"BYE"), 200))
    assert isinstance(response, Response)

    key = client_key(response)
    assert (key.branch, key.method) == (b"z9hG4bKa", b"BYE")


def test_a_dialog_is_named_from_our_side() -> None:
    """RFC 3261 §12: To of the peer's request is us."""
    named = dialog_id(parsed(peer_request(b"BYE", to_tag=b"us")))
    assert (named.local_tag, named.remote_tag) == (b"us", b"peer")
