"""Who has been asked in a dialog says it by himself from then on."""

import msgspec
import pytest

from capture.sip.agent import Agent
from capture.sip.build import Header
from capture.sip.credentials import Account
from capture.sip.dialog import Dialog
from capture.sip.in_dialog_request import proving
from tests.support.sip_dialog import dialog

GIVEN: Header = (
    b"Proxy-Authorization",
    b'Digest username="u", realm="r", nonce="n", uri="sip:x", response="0", algorithm=MD5, '
    b'cnonce="c", qop=auth, nc=0000000f',
)

WORD = "secret"


def known(*given: Header, account: str = "pbx") -> Dialog:
    """A dialog in which we were asked before."""
    return msgspec.structs.replace(dialog(), account=account, given=given)


def an_agent() -> Agent:
    account = Account(user="u", password=WORD)
    return Agent(
        node=b"n",
        tokens=lambda: b"fresh",
        accounts=lambda name: account if name == "pbx" else None,
    )


def test_the_same_nonce_is_counted_on() -> None:
    """In hexadecimal digits (RFC 7616 section 3.4)."""
    after, headers = proving(known(GIVEN), b"BYE", an_agent())
    ((name, value),) = headers

    assert name == b"Proxy-Authorization"
    assert b"nc=00000010" in value
    assert b'nonce="n"' in value
    assert b'cnonce="fresh"' in value
    assert after.given == headers


@pytest.mark.parametrize(
    "value",
    [
        b'Digest username="u", realm="r", nonce="n", uri="x", response="0"',
        GIVEN[1].replace(b"algorithm=MD5", b"algorithm=MD5-sess"),
    ],
    ids=["no count", "a session's secret"],
)
def test_what_cannot_be_counted_waits_for_its_challenge(value: bytes) -> None:
    """Each request has its own then."""
    assert proving(known((b"Authorization", value)), b"BYE", an_agent())[1] == ()


def test_nothing_is_proved_where_nobody_asked_or_the_account_is_gone() -> None:
    """And never in what cannot be challenged."""
    assert proving(known(), b"BYE", an_agent())[1] == ()
    assert proving(known(GIVEN, account="gone"), b"BYE", an_agent())[1] == ()
    assert proving(known(GIVEN), b"CANCEL", an_agent())[1] == ()
