"""Digest authentication of requests (RFC 3261 §22, RFC 7616, RFC 8760): challenge and check.

Nonces prove by themselves when they were made, so that nothing is kept for who only asks. Pure:
the clock and the secret are given. Knows no transaction.
"""

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Broken
from collections import OrderedDict
from collections.abc import Callable
from enum import Enum
from typing import Final

from capture.errors import PeerBrokeProtocol
from capture.sip.build import Header
from capture.sip.grammar import find_param, unquote
from capture.sip.headers import Credentials, parse_credentials
from capture.sip.message import Request

# A client answers a challenge at once; it may use the nonce again for its next calls.
NONCE_LIFE_S: Final = 300
# Nonces whose counts are remembered; one that was forgotten is stale.
MAX_NONCES: Final = 10_000
_TIME_BYTES: Final = 8
SALT_BYTES: Final = 8
_MADE_BYTES: Final = _TIME_BYTES + SALT_BYTES
_TAG_BYTES: Final = 16
_MAX_COUNT_DIGITS: Final = 8
# RFC 8760 §2.4: the strongest first; MD5 for who knows nothing else.
_HASHES: Final = {b"SHA-256": hashlib.sha256, b"MD5": hashlib.md5}
_USUAL: Final = b"MD5"


class ProofVerdict(Enum):
    """What a request's credentials are worth; those that come `TOO_SOON` are not looked at."""

    GOOD = "good"
    MISSING = "missing"
    STALE = "stale"
    WRONG = "wrong"
    TOO_SOON = "too soon"


class DigestGuard:
    """Challenges and checks for one realm; `secret` is known to nobody else.

    `salts` returns `SALT_BYTES` that it never returned before: each challenge has a nonce of its
    own, for its uses are counted.
    """

    def __init__(self, realm: str, secret: bytes, salts: Callable[[], bytes]) -> None:
        self._realm, self._secret, self._salts = realm.encode(), secret, salts
        self._counts: OrderedDict[bytes, int] = OrderedDict()

    def challenge(self, now_s: float, *, is_stale: bool = False) -> tuple[Header, ...]:
        """The headers of a 401, one an algorithm (RFC 8760 §2.3)."""
        nonce, stale = self._nonce(int(now_s)), b", stale=true" if is_stale else b""
        return tuple(
            (
                b"WWW-Authenticate",
                b'Digest realm="%s", nonce="%s", qop="auth", algorithm=%s%s'
                % (self._realm, nonce, algorithm, stale),
            )
            for algorithm in _HASHES
        )

    def check(self, request: Request, user: str, password: str, now_s: float) -> ProofVerdict:
        """Judge a request by the credentials that are for our realm; never raises."""
        credentials = self._ours(request)
        if credentials is None:
            return ProofVerdict.MISSING
        nonce = _said(credentials, b"nonce")
        if not self._is_fresh(nonce, now_s):
            return ProofVerdict.STALE
        expected = self._response(credentials, request.method, user, password)
        given = _said(credentials, b"response").lower()
        if expected is None or not hmac.compare_digest(expected, given):
            return ProofVerdict.WRONG
        return ProofVerdict.GOOD if self._counts_on(nonce, credentials) else ProofVerdict.STALE

    def _ours(self, request: Request) -> Credentials | None:
        for value in request.values(b"authorization"):
            try:
                credentials = parse_credentials(value)
            except PeerBrokeProtocol:
                continue
            if credentials.scheme == b"digest" and _said(credentials, b"realm") == self._realm:
                return credentials
        return None

    def _nonce(self, at_s: int) -> bytes:
        made = at_s.to_bytes(_TIME_BYTES, "big") + self._salts()
        return urlsafe_b64encode(made + self._tag(made))

    def _tag(self, made: bytes) -> bytes:
        return hmac.digest(self._secret, made + self._realm, "sha256")[:_TAG_BYTES]

    def _is_fresh(self, nonce: bytes, now_s: float) -> bool:
        """Ours, and not too old."""
        try:
            data = urlsafe_b64decode(nonce)
        except (Base64Broken, ValueError):
            return False
        made, tag = data[:_MADE_BYTES], data[_MADE_BYTES:]
        age_s = now_s - int.from_bytes(made[:_TIME_BYTES], "big")
        return hmac.compare_digest(tag, self._tag(made)) and 0 <= age_s + 1 <= NONCE_LIFE_S + 1

    def _response(
        self, credentials: Credentials, method: bytes, user: str, password: str
    ) -> bytes | None:
        """What the response must be (RFC 7616 §3.4.1); None where it is of a kind not offered."""
        make = _HASHES.get(_said(credentials, b"algorithm").upper() or _USUAL)
        if make is None or _said(credentials, b"qop").lower() != b"auth":
            return None
        if _said(credentials, b"username") != user.encode():
            return None

        def digest(*words: bytes) -> bytes:
            return make(b":".join(words)).hexdigest().encode()

        return digest(
            digest(user.encode(), self._realm, password.encode()),
            _said(credentials, b"nonce"),
            _said(credentials, b"nc"),
            _said(credentials, b"cnonce"),
            b"auth",
            digest(method, _said(credentials, b"uri")),
        )

    def _counts_on(self, nonce: bytes, credentials: Credentials) -> bool:
        """Does `nc` say that this is a new request (RFC 7616 §3.4)? What was heard is no proof."""
        said = _said(credentials, b"nc")
        if len(said) > _MAX_COUNT_DIGITS:
            return False
        try:
            count = int(said, 16)
        except ValueError:
            return False
        if count <= self._counts.get(nonce, 0):
            return False
        self._counts[nonce] = count
        self._counts.move_to_end(nonce)
        while len(self._counts) > MAX_NONCES:
            self._counts.popitem(last=False)
        return True


def _said(credentials: Credentials, name: bytes) -> bytes:
    return unquote(find_param(credentials.params, name) or b"")
