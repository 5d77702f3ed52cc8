"""Challenges of others, and our answers to them."""

import hashlib
from itertools import count

import pytest

from capture.sip.build import Header
from capture.sip.credentials import (
    Account,
    ChallengedRequest,
    answer_challenges,
    challenges,
    is_rejected,
)
from capture.sip.digest import NONCE_LIFE_S, SALT_BYTES, DigestGuard, ProofVerdict
from capture.sip.grammar import find_param, unquote
from capture.sip.headers import parse_credentials
from capture.sip.message import Request, Response
from tests.capture.sip.scenes import peer_request, peer_response
from tests.support.sip import parse_message

USER, CIRCLE = "Mufasa", "Circle of Life"
MUFASA = Account(user=USER, password=CIRCLE)
INVITE = ChallengedRequest(method=b"INVITE", uri=b"sip:srs@192.0.2.9")
WWW, PROXY = b"WWW-Authenticate", b"Proxy-Authenticate"
NOW_S = 1_795_000_000.0


def challenged(*values: bytes, name: bytes = WWW, status: int = 401) -> Response:
    """A response with these challenges, in order."""
    return refused(*((name, value) for value in values), status=status)


def refused(*headers: Header, status: int = 401) -> Response:
    response = parse_message(peer_response(peer_request(b"INVITE"), status, *headers))
    assert isinstance(response, Response)
    return response


def word(header: Header, name: bytes) -> bytes | None:
    """One word of credentials, with the quotes that it has."""
    return find_param(parse_credentials(header[1]).params, name)


HTTP = (
    b'Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=%s, '
    b'nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", '
    b'opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"'
)


@pytest.mark.parametrize(
    ("algorithm", "response"),
    [
        (b"MD5", b"8ca523f5e9506fed4657c9700eebdbec"),
        (b"SHA-256", b"753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"),
    ],
)
def test_the_examples_of_rfc_7616_come_out_right(algorithm: bytes, response: bytes) -> None:
    """§3.9.1, word for word and quote for quote (§3.4)."""
    cnonce = b"f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"
    asked = ChallengedRequest(method=b"GET", uri=b"/dir/index.html")
    [(name, value)] = answer_challenges(challenged(HTTP % algorithm), asked, MUFASA, cnonce)

    assert name == b"Authorization"
    assert value == (
        b'Digest username="Mufasa", realm="http-auth@example.org", '
        b'nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", uri="/dir/index.html", '
        b'response="%s", algorithm=%s, cnonce="%s", '
        b'opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS", qop=auth, nc=00000001'
    ) % (response, algorithm, cnonce)


def test_the_example_of_rfc_2617_comes_out_right() -> None:
    """§3.5: no algorithm is named, so MD5 it is, and none is named back."""
    account = Account(user=USER, password=CIRCLE.title())
    asked = ChallengedRequest(method=b"GET", uri=b"/dir/index.html")
    value = (
        b'Digest realm="testrealm@host.com", qop="auth,auth-int", '
        b'nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", opaque="5ccc069c403ebaf9f0171e9517f40e41"'
    )
    [header] = answer_challenges(challenged(value), asked, account, b"0a4f113b")

    assert word(header, b"response") == b'"6629fae49393a05397450978507c4ef1"'
    assert word(header, b"algorithm") is None


def test_without_qop_it_is_as_before_rfc_2617() -> None:
    """RFC 2617 §3.2.2.1: no cnonce, no count; the corrected example of RFC 2069."""
    account = Account(user=USER, password=CIRCLE.title().replace(" ", ""))
    asked = ChallengedRequest(method=b"GET", uri=b"/dir/index.html")
    value = b'Digest realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093"'
    [header] = answer_challenges(challenged(value), asked, account, b"unused")

    assert word(header, b"response") == b'"1949323746fe6a43ef61f9606e7febea"'
    assert [word(header, name) for name in (b"cnonce", b"nc", b"qop", b"opaque")] == [None] * 4


def test_the_secret_of_a_session_holds_both_nonces() -> None:
    """RFC 7616 §3.4.2."""

    def hashed(*words: bytes) -> bytes:
        return hashlib.sha256(b":".join(words)).hexdigest().encode()

    value = b'Digest realm="r", nonce="n", qop="auth", algorithm=SHA-256-sess'
    [header] = answer_challenges(challenged(value), INVITE, MUFASA, b"c")
    secret = hashed(hashed(b"Mufasa", b"r", b"Circle of Life"), b"n", b"c")
    asked = hashed(b"INVITE", b"sip:srs@192.0.2.9")

    expected = hashed(secret, b"n", b"00000001", b"c", b"auth", asked)
    assert word(header, b"response") == b'"' + expected + b'"'
    assert word(header, b"algorithm") == b"SHA-256-sess"


@pytest.mark.parametrize("turn", [1, -1])
def test_the_strongest_is_answered_whatever_its_place(turn: int) -> None:
    """RFC 8760 §2.4: a challenge that could be weakened by its order would be weak."""
    names = (b"MD5", b"SHA-256", b"SHA-512-256", b"SHA-3", b"md5-sess")[::turn]
    values = [b'Digest realm="r", nonce="%s", qop="auth", algorithm=%s' % (n, n) for n in names]
    [header] = answer_challenges(challenged(*values), INVITE, MUFASA, b"c")

    assert word(header, b"nonce") == b'"SHA-512-256"'
    assert len(unquote(word(header, b"response") or b"")) == 64


def test_each_realm_and_each_proxy_has_its_answer() -> None:
    """RFC 3261 §22.3: a forking proxy gathers the challenges of many."""
    values = [b'Digest realm="%s", nonce="n"' % realm for realm in (b"a", b"b")]
    response = refused((WWW, values[0]), (WWW, values[1]), (PROXY, values[0]), status=407)

    answered = answer_challenges(response, INVITE, MUFASA, b"c")
    assert [(name, word((name, value), b"realm")) for name, value in answered] == [
        (b"Authorization", b'"a"'),
        (b"Authorization", b'"b"'),
        (b"Proxy-Authorization", b'"a"'),
    ]


@pytest.mark.parametrize(
    "value",
    [
        b'Basic realm="r"',
        b'Digest realm="r"',
        b'Digest nonce="n"',
        b'Digest realm="r", nonce="n", algorithm=SHA-3',
        b'Digest realm="r", nonce="n", qop="auth-int"',
        b'Digest realm="r, nonce="n"',
        b"",
    ],
)
def test_what_cannot_be_answered_is_left_out(value: bytes) -> None:
    """Another challenge may stand beside it."""
    assert challenges(challenged(value)) == ()
    [good] = challenges(challenged(value, b'Digest realm="g", nonce="n"'))
    assert good.realm == b"g"


def test_only_a_challenge_is_answered() -> None:
    """A password is proved to nobody who did not ask."""
    value = b'Digest realm="r", nonce="n"'
    assert answer_challenges(challenged(value, status=403), INVITE, MUFASA, b"c") == ()


def test_quotes_and_backslashes_of_a_realm_go_back_as_they_came() -> None:
    """RFC 7616 §3.4: quoted again, and hashed unquoted."""
    value = rb'Digest realm="a \"b\" \\c", nonce="n"'
    [header] = answer_challenges(challenged(value), INVITE, MUFASA, b"c")

    assert word(header, b"realm") == rb'"a \"b\" \\c"'
    assert unquote(word(header, b"realm") or b"") == rb'a "b" \c'


def test_the_count_has_eight_digits() -> None:
    """RFC 7616 §3.4."""
    value = b'Digest realm="r", nonce="n", qop=auth'
    [header] = answer_challenges(challenged(value), INVITE, MUFASA, b"c", 26)
    assert word(header, b"nc") == b"0000001a"


def test_the_password_is_in_no_log() -> None:
    """A value may be shown."""
    assert "Circle" not in repr(MUFASA)


# -- against our own guard -------------------------------------------------------------------------


def guard() -> DigestGuard:
    salts = count()
    return DigestGuard("rokuon", b"s" * 32, lambda: next(salts).to_bytes(SALT_BYTES))


def judged(by: DigestGuard, given: tuple[Header, ...], now_s: float = NOW_S) -> ProofVerdict:
    request = parse_message(peer_request(b"INVITE", headers=given))
    assert isinstance(request, Request)
    return by.check(request, "Mufasa", "Circle of Life", now_s)


def test_our_own_guard_lets_us_in() -> None:
    """What one side makes the other takes."""
    of = guard()
    response = refused(*of.challenge(NOW_S))

    assert judged(of, answer_challenges(response, INVITE, MUFASA, b"c")) is ProofVerdict.GOOD
    assert judged(of, answer_challenges(response, INVITE, MUFASA, b"c", 2)) is ProofVerdict.GOOD


def test_a_stale_nonce_is_answered_anew_and_a_second_refusal_is_a_wrong_password() -> None:
    """RFC 7616 §3.3: nobody types a password again because time went by."""
    of, later_s = guard(), NOW_S + NONCE_LIFE_S + 2
    given = answer_challenges(refused(*of.challenge(NOW_S)), INVITE, MUFASA, b"c")
    assert judged(of, given, later_s) is ProofVerdict.STALE
    stale = refused(*of.challenge(later_s, is_stale=True))

    assert not is_rejected(stale, given)
    assert judged(of, answer_challenges(stale, INVITE, MUFASA, b"c"), later_s) is ProofVerdict.GOOD
    assert is_rejected(refused(*of.challenge(later_s)), given)


def test_the_first_challenge_and_one_of_another_realm_reject_nothing() -> None:
    """Behind the first proxy may stand a second one that asks too."""
    first = challenged(b'Digest realm="r", nonce="n"', name=PROXY, status=407)
    given = answer_challenges(first, INVITE, MUFASA, b"c")

    assert not is_rejected(first, ())
    assert not is_rejected(challenged(b'Digest realm="r", nonce="n"'), given)
    assert is_rejected(first, given)
