"""How often signing in may fail: counted where it comes from, never against the person alone.

Knows nothing of passwords or of the web. It is all in memory, and of bounded size.
"""

import base64
import binascii
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from api.access.rate_buckets import Buckets, Pace
from api.access.rate_limits import network_of
from api.permissions.errors import TooManyRequests
from api.sign_in.sign_in_key import SignInKey

KNOWN_BROWSER: Final = Pace(per_s=1 / 60, burst=10)
UNKNOWN_BROWSERS: Final = Pace(per_s=1 / 120, burst=5)
ONE_ADDRESS: Final = Pace(per_s=1 / 10, burst=30)
ALL_UNKNOWN: Final = Pace(per_s=1 / 60, burst=100)
# Of how many persons a browser is known; of the others it is forgotten, the oldest first.
PERSONS_OF_A_BROWSER: Final = 8
_NONCE_BYTES: Final = 16
_MARK_BYTES: Final = 16
_JOINED: Final = "."


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptOrigin:
    """Where an attempt comes from: its address, and the cookie that its browser has ("": none)."""

    address: str
    browser: str = ""


@dataclass(frozen=True, slots=True)
class Browsers:
    """Marks of browsers, which nobody can make up: who has signed in fully there before."""

    key: SignInKey

    def known(self, cookie: str, name: str) -> str:
        """What a browser is counted by for a person that it is known for, else ""."""
        browser, *marks = cookie.split(_JOINED)
        mark = self._mark(browser, name)
        is_known = any(secrets.compare_digest(mark.encode(), _bytes(each)) for each in marks)
        return browser if is_known else ""

    def with_person(self, cookie: str, name: str) -> str:
        """The cookie of a browser that is known for this person, too."""
        if self.known(cookie, name):
            return cookie
        browser, *marks = cookie.split(_JOINED)
        if not _is_nonce(browser):
            browser, marks = _text(secrets.token_bytes(_NONCE_BYTES)), []
        kept = [self._mark(browser, name), *marks[: PERSONS_OF_A_BROWSER - 1]]
        return _JOINED.join([browser, *kept])

    def _mark(self, browser: str, name: str) -> str:
        said = _bytes(f"browser {browser} {name}")
        return _text(self.key.mark(said)[:_MARK_BYTES])


@dataclass(frozen=True, slots=True)
class Taken:
    """What was counted for one attempt."""

    counts: tuple[tuple[Buckets, tuple[str, ...]], ...]

    def give_back(self, now_us: int) -> None:
        """It did not fail."""
        for buckets, key in self.counts:
            buckets.give_back(key, now_us)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempts:
    """Every limit of signing in; `clock_us` tells µs since 1970 UTC."""

    browsers: Browsers
    clock_us: Callable[[], int]
    by_browser: Buckets = field(default_factory=lambda: Buckets(KNOWN_BROWSER))
    by_address_and_person: Buckets = field(default_factory=lambda: Buckets(UNKNOWN_BROWSERS))
    by_address: Buckets = field(default_factory=lambda: Buckets(ONE_ADDRESS))
    by_person: Buckets = field(default_factory=lambda: Buckets(ALL_UNKNOWN))

    def admit(self, name: str, client: AttemptOrigin) -> Taken:
        """Count an attempt for a name before it is looked at; raises `TooManyRequests`."""
        browser, whence = self.browsers.known(client.browser, name), network_of(client.address)
        if browser:
            return self._take(((self.by_browser, (name, browser)),))
        return self._take(
            (
                (self.by_address, (whence,)),
                (self.by_address_and_person, (name, whence)),
                (self.by_person, (name,)),
            )
        )

    def admit_address(self, client: AttemptOrigin) -> Taken:
        """Count an attempt that names nobody; raises `TooManyRequests`."""
        return self._take(((self.by_address, (network_of(client.address),)),))

    def _take(self, counts: tuple[tuple[Buckets, tuple[str, ...]], ...]) -> Taken:
        now_us, taken = self.clock_us(), 0
        for taken, (buckets, key) in enumerate(counts):
            wait_s = buckets.take(key, now_us)
            if wait_s:
                Taken(counts[:taken]).give_back(now_us)
                raise TooManyRequests(wait_s)
        return Taken(counts)


def _is_nonce(text: str) -> bool:
    try:
        return len(base64.urlsafe_b64decode(text + "==")) == _NONCE_BYTES
    except (binascii.Error, ValueError):
        return False


def _bytes(text: str) -> bytes:
    """Of whatever a cookie holds."""
    return text.encode("utf-8", "surrogatepass")


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
