"""Answers to challenges of others (RFC 3261 §22, RFC 7616, RFC 8760): who we are, and prove it.

Pure: the cnonce is given, nothing is remembered. Knows no transaction and sends nothing.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from capture.errors import PeerBrokeProtocol
from capture.sip.build import Header
from capture.sip.grammar import find_param, split_tokens, unquote
from capture.sip.headers import parse_credentials
from capture.sip.message import Response

CHALLENGED: Final = frozenset({401, 407})
# The usual one where nothing is said (RFC 7616 §3.3).
_USUAL: Final = b"MD5"
_SESSION: Final = b"-SESS"
_ANSWERED_BY: Final = {
    b"www-authenticate": b"Authorization",
    b"proxy-authenticate": b"Proxy-Authorization",
}


# The strongest first: this is our policy among several challenges of one realm (RFC 8760 §2.4).
_HASHES: Final = {b"SHA-512-256": "sha512_256", b"SHA-256": "sha256", b"MD5": "md5"}
_STRENGTH: Final = tuple(_HASHES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A user name and a password that somebody gave us."""

    user: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChallengedRequest:
    """The request that is challenged, or that answers a challenge: its method and Request-URI."""

    method: bytes
    uri: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenge:
    """What one realm asks for; `algorithm` is as received, b"" where it was left out."""

    answered_by: bytes
    realm: bytes
    nonce: bytes
    algorithm: bytes
    opaque: bytes | None
    has_qop: bool
    is_stale: bool

    @property
    def hash_name(self) -> bytes:
        """The algorithm without its ending for sessions, in upper case."""
        return (self.algorithm.upper() or _USUAL).removesuffix(_SESSION)

    @property
    def is_of_session(self) -> bool:
        """Does the secret hold the nonces too (RFC 7616 §3.4.2)?"""
        return self.algorithm.upper().endswith(_SESSION)


def challenges(response: Response) -> tuple[Challenge, ...]:
    """What a 401 or 407 asks for, one of each realm: the strongest that we can answer.

    What cannot be read, or is no digest that we know, is left out.
    """
    if response.status not in CHALLENGED:
        return ()
    chosen: dict[tuple[bytes, bytes], Challenge] = {}
    for line in response.lines:
        found = _read(_ANSWERED_BY[line.name], line.value) if line.name in _ANSWERED_BY else None
        if found is None:
            continue
        key = (found.answered_by, found.realm)
        if key not in chosen or _rank(found) < _rank(chosen[key]):
            chosen[key] = found
    return tuple(chosen.values())


def _rank(challenge: Challenge) -> int:
    return _STRENGTH.index(challenge.hash_name)


def _read(answered_by: bytes, value: bytes) -> Challenge | None:
    try:
        credentials = parse_credentials(value)
    except PeerBrokeProtocol:
        return None

    def said(name: bytes) -> bytes | None:
        text = find_param(credentials.params, name)
        return None if text is None else unquote(text)

    qop, realm, nonce = said(b"qop"), said(b"realm"), said(b"nonce")
    ways = {each.lower() for each in split_tokens(qop or b"")}
    if credentials.scheme != b"digest" or realm is None or not nonce:
        return None
    challenge = Challenge(
        answered_by=answered_by,
        realm=realm,
        nonce=nonce,
        algorithm=said(b"algorithm") or b"",
        opaque=said(b"opaque"),
        has_qop=bool(ways),
        is_stale=(said(b"stale") or b"").lower() == b"true",
    )
    # Without qop it is as RFC 2617 §3.2.2.1 has it; with auth-int alone it is not for us.
    is_known = challenge.hash_name in _HASHES and (b"auth" in ways or not ways)
    return challenge if is_known else None


def renewed(
    given: tuple[Header, ...], asked: ChallengedRequest, account: Account, cnonce: bytes
) -> tuple[Header, ...]:
    """Credentials that were accepted, for the next request: the same nonce, counted on.

    Only of those that count (RFC 7616 §3.4): without `qop`, or with a secret of one session, each
    request waits for its challenge.
    """
    return tuple(
        (name, _answer(known, asked, account, cnonce, count + 1))
        for name, value in given
        for known, count in _counted(name, value)
    )


def _counted(name: bytes, value: bytes) -> Iterator[tuple[Challenge, int]]:
    """What credentials of ours answered, and how often that was answered by then."""
    params = parse_credentials(value).params
    count = find_param(params, b"nc")
    known = _read(name, value)
    if known is not None and known.has_qop and not known.is_of_session and count:
        yield known, int(count, 16)


def answer_challenges(
    response: Response, asked: ChallengedRequest, account: Account, cnonce: bytes, count: int = 1
) -> tuple[Header, ...]:
    """The headers with which the request may come again; none where nothing can be answered.

    `cnonce` is a fresh token, `count` how often each nonce was answered with this one.
    """
    return tuple(
        (each.answered_by, _answer(each, asked, account, cnonce, count))
        for each in challenges(response)
    )


def _answer(
    challenge: Challenge, asked: ChallengedRequest, account: Account, cnonce: bytes, count: int
) -> bytes:
    """Quoted or not as RFC 7616 §3.4 has it."""
    proof = _proof(challenge, asked, account, cnonce, count)
    words = [
        b"username=" + _quoted(account.user.encode()),
        b"realm=" + _quoted(challenge.realm),
        b"nonce=" + _quoted(challenge.nonce),
        b"uri=" + _quoted(asked.uri),
        b"response=" + _quoted(proof),
    ]
    if challenge.algorithm:
        words.append(b"algorithm=" + challenge.algorithm)
    if challenge.has_qop or challenge.is_of_session:
        words.append(b"cnonce=" + _quoted(cnonce))
    if challenge.opaque is not None:
        words.append(b"opaque=" + _quoted(challenge.opaque))
    if challenge.has_qop:
        words += [b"qop=auth", b"nc=%08x" % count]
    return b"Digest " + b", ".join(words)


def _proof(
    challenge: Challenge, asked: ChallengedRequest, account: Account, cnonce: bytes, count: int
) -> bytes:
    """The response of RFC 7616 §3.4.1, or of RFC 2617 §3.2.2.1 where no qop is asked for."""
    algorithm = _HASHES[challenge.hash_name]

    def digest(*words: bytes) -> bytes:
        return hashlib.new(algorithm, b":".join(words)).hexdigest().encode()

    secret = digest(account.user.encode(), challenge.realm, account.password.encode())
    if challenge.is_of_session:
        secret = digest(secret, challenge.nonce, cnonce)
    wanted = digest(asked.method, asked.uri)
    if not challenge.has_qop:
        return digest(secret, challenge.nonce, wanted)
    return digest(secret, challenge.nonce, b"%08x" % count, cnonce, b"auth", wanted)


def _quoted(text: bytes) -> bytes:
    return b'"' + text.replace(b"\\", b"\\\\").replace(b'"', b'\\"') + b'"'


def is_rejected(response: Response, given: tuple[Header, ...]) -> bool:
    """Is the password wrong: is a realm that we answered with `given` asking once more?

    Not where it says that its nonce was stale: that is answered anew (RFC 7616 §3.3).
    """
    known = {(name, _realm_of(value)) for name, value in given}
    return any(
        (each.answered_by, each.realm) in known and not each.is_stale
        for each in challenges(response)
    )


def _realm_of(value: bytes) -> bytes:
    return unquote(find_param(parse_credentials(value).params, b"realm") or b"")
