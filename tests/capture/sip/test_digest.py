"""Challenges and the answers to them."""

import hashlib
from itertools import count

import pytest

from capture.sip import digest
from capture.sip.digest import NONCE_LIFE_S, SALT_BYTES, DigestGuard, ProofVerdict
from capture.sip.grammar import find_param, unquote
from capture.sip.headers import parse_credentials
from capture.sip.message import Request
from capture.sip.parser import split_message
from tests.capture.sip.scenes import peer_request

USER, PASSWORD, REALM, URI = "sbc", "Circle of Life", "rokuon", "sip:srs@192.0.2.9"
NOW_S = 1_795_000_000.0


def guard() -> DigestGuard:
    salts = count()
    return DigestGuard(REALM, b"s" * 32, lambda: next(salts).to_bytes(SALT_BYTES))


def nonce_of(of: DigestGuard, now_s: float = NOW_S) -> str:
    _, value = of.challenge(now_s)[0]
    return unquote(find_param(parse_credentials(value).params, b"nonce") or b"").decode()


def answer(nonce: str, **changed: str) -> Request:
    """An INVITE with credentials as a client computes them, some of their words changed."""
    words = {
        "username": USER, "realm": REALM, "nonce": nonce, "uri": URI, "nc": "00000001",
        "cnonce": "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ", "qop": "auth",
        "algorithm": "SHA-256", "password": PASSWORD, "method": "INVITE",
    } | changed  # fmt: skip
    make = hashlib.md5 if words["algorithm"].upper() == "MD5" else hashlib.sha256

    def hashed(*parts: str) -> str:
        return make(":".join(parts).encode()).hexdigest()

    secret = hashed(words["username"], words["realm"], words["password"])
    asked = hashed(words["method"], words["uri"])
    response = hashed(secret, words["nonce"], words["nc"], words["cnonce"], words["qop"], asked)
    value = (
        f'Digest username="{words["username"]}", realm="{words["realm"]}", '
        f'nonce="{words["nonce"]}", uri="{words["uri"]}", response="{response}", '
        f'algorithm={words["algorithm"]}, cnonce="{words["cnonce"]}", '
        f"qop={words['qop']}, nc={words['nc']}"
    )
    message = split_message(peer_request(b"INVITE", headers=((b"Authorization", value.encode()),)))
    assert isinstance(message, Request)
    return message


def judged(by: DigestGuard, request: Request, now_s: float = NOW_S) -> ProofVerdict:
    return by.check(request, USER, PASSWORD, now_s)


def test_the_response_of_rfc_7616_is_right() -> None:
    """§3.9.1: both algorithms, with the nonce that stands there."""
    of = DigestGuard("http-auth@example.org", b"s", lambda: bytes(SALT_BYTES))
    value = (
        'Digest username="Mufasa", realm="http-auth@example.org", uri="/dir/index.html", '
        'algorithm=%s, nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", nc=00000001, '
        'cnonce="f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ", qop=auth, response="-"'
    )

    def expected(algorithm: str) -> bytes | None:
        credentials = parse_credentials((value % algorithm).encode())
        return of._response(credentials, b"GET", "Mufasa", "Circle of Life")

    assert expected("MD5") == b"8ca523f5e9506fed4657c9700eebdbec"
    assert expected("SHA-256") == (
        b"753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"
    )


def test_a_challenge_names_the_strongest_algorithm_first() -> None:
    """RFC 8760 §2.3."""
    first, second = (value for _, value in guard().challenge(NOW_S))

    assert b"algorithm=SHA-256" in first
    assert b"algorithm=MD5" in second
    assert b'qop="auth"' in first
    assert b"stale" not in first
    assert b"stale=true" in guard().challenge(NOW_S, is_stale=True)[0][1]


@pytest.mark.parametrize("algorithm", ["SHA-256", "sha-256", "MD5"])
def test_who_knows_the_password_is_let_in(algorithm: str) -> None:
    """By either algorithm."""
    of = guard()

    assert judged(of, answer(nonce_of(of), algorithm=algorithm)) is ProofVerdict.GOOD


@pytest.mark.parametrize(
    "changed",
    [
        {"password": "circle of life"}, {"username": "other"}, {"method": "BYE"},
        {"qop": "auth-int"}, {"algorithm": "SHA-512-256"},
    ],
)  # fmt: skip
def test_anything_else_is_wrong(changed: dict[str, str]) -> None:
    """Neither another user's, nor one computed for another request."""
    of = guard()

    assert judged(of, answer(nonce_of(of), **changed)) is ProofVerdict.WRONG


def test_who_says_nothing_is_asked() -> None:
    """Also who answers another realm's challenge, or speaks no digest."""
    of = guard()
    bare = split_message(peer_request(b"INVITE", headers=((b"Authorization", b"Basic abc="),)))
    assert isinstance(bare, Request)

    assert judged(of, bare) is ProofVerdict.MISSING
    assert judged(of, answer(nonce_of(of), realm="elsewhere")) is ProofVerdict.MISSING


def test_a_nonce_is_ours_and_lives_for_a_while() -> None:
    """Made by another process, or long ago: the client answers a new one by itself."""
    of = guard()
    foreign = nonce_of(DigestGuard(REALM, b"another", lambda: bytes(SALT_BYTES)))

    assert judged(of, answer(nonce_of(of)), NOW_S + NONCE_LIFE_S) is ProofVerdict.GOOD
    assert judged(of, answer(nonce_of(of)), NOW_S + NONCE_LIFE_S + 2) is ProofVerdict.STALE
    assert judged(of, answer(foreign)) is ProofVerdict.STALE
    assert judged(of, answer("nothing like it")) is ProofVerdict.STALE


def test_what_was_said_once_is_no_proof_the_second_time() -> None:
    """Somebody may have listened (RFC 7616 §3.4: `nc` rises)."""
    of = guard()
    nonce = nonce_of(of)

    assert judged(of, answer(nonce)) is ProofVerdict.GOOD
    assert judged(of, answer(nonce)) is ProofVerdict.STALE
    assert judged(of, answer(nonce, nc="00000002")) is ProofVerdict.GOOD


@pytest.mark.parametrize("count", ["", "x", "0", "123456789"])
def test_a_count_that_is_none_is_not_taken(count: str) -> None:
    """Nothing that cannot be compared."""
    of = guard()

    assert judged(of, answer(nonce_of(of), nc=count)) is ProofVerdict.STALE


def test_counts_are_not_remembered_without_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    """A client that asks all day fills no memory."""
    monkeypatch.setattr(digest, "MAX_NONCES", 3)
    of = guard()
    for second in range(10):
        assert judged(of, answer(nonce_of(of, NOW_S + second)), NOW_S + second) is ProofVerdict.GOOD

    assert len(of._counts) == 3


def test_clients_that_are_asked_in_one_second_do_not_meet_in_one_nonce() -> None:
    """Its uses are counted: the second client's first use would look like a repetition."""
    of = guard()
    nonces = [nonce_of(of) for _ in range(20)]

    assert [judged(of, answer(nonce)) for nonce in nonces] == [ProofVerdict.GOOD] * 20
