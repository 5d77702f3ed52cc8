"""Wrong passwords of digests: who guesses waits longer after each, by address and by account.

Pure: the clock is given. Knows nothing of how a password is proved.
"""

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Final

# A client whose password has just been changed asks so often by itself, for a call or two.
FREE: Final = 5
MAX_WAIT_S: Final = 300.0
# Who has not failed for so long begins anew.
FORGOTTEN_S: Final = 3_600.0
# Addresses, accounts, and addresses that have proved an account; the longest silent are forgotten.
MAX_REMEMBERED: Final = 4_096
Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class _Failures:
    """How many in a row, and when the last was."""

    count: int
    at_s: float

    def wait_s(self, now_s: float) -> float:
        """How long until the next is looked at."""
        over = self.count - FREE
        wait_s = min(MAX_WAIT_S, 2.0 ** min(over, 16)) if over >= 0 else 0.0
        return max(0.0, self.at_s + wait_s - now_s)


@dataclass(slots=True)
class PasswordGuesses:
    """Failures by address and by account.

    An address that has proved an account waits for its own failures alone: nobody locks out who
    knows the password by guessing at it from elsewhere.
    """

    _failed: OrderedDict[Key, _Failures] = field(default_factory=OrderedDict)
    _proved: OrderedDict[Key, None] = field(default_factory=OrderedDict)

    def wait_s(self, host: str, user: str, now_s: float) -> float:
        """How long a password from there for this account is not looked at; 0.0: now."""
        waits = [self._of(("address", host), now_s).wait_s(now_s)]
        if (host, user) not in self._proved:
            waits.append(self._of(("account", user), now_s).wait_s(now_s))
        return max(waits)

    def failed(self, host: str, user: str, now_s: float) -> None:
        for key in (("address", host), ("account", user)):
            self._failed[key] = _Failures(self._of(key, now_s).count + 1, now_s)
            self._failed.move_to_end(key)
        _cut(self._failed)

    def proved(self, host: str, user: str) -> None:
        for key in (("address", host), ("account", user)):
            self._failed.pop(key, None)
        self._proved[host, user] = None
        self._proved.move_to_end((host, user))
        _cut(self._proved)

    def _of(self, key: Key, now_s: float) -> _Failures:
        known = self._failed.get(key)
        if known is None or now_s - known.at_s > FORGOTTEN_S:
            return _Failures(0, now_s)
        return known


def _cut(remembered: OrderedDict[Key, _Failures] | OrderedDict[Key, None]) -> None:
    while len(remembered) > MAX_REMEMBERED:
        remembered.popitem(last=False)
