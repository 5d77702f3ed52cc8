"""Whether somebody asks too often: by token, by account, and by address of failed proofs.

Knows nothing of the web. What it remembers is bounded and lies in memory alone.
"""

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from hashlib import sha256
from ipaddress import IPv6Address, ip_address
from typing import Final, Self

from api.errors import NotAuthenticated, TooManyRequests
from api.limits import TOKENS_OF_AN_ACCOUNT, USUAL, Buckets, Limits
from api.people.accounts import Account

# Tokens that were proved: who has one of them guesses nothing.
MAX_PROVED: Final = 10_000
# One who has an IPv6 address has 2^64 of them.
_IPV6_NETWORK_BITS: Final = 64


@dataclass(frozen=True, slots=True)
class Proved:
    """The digests of the tokens that were in force of late, the latest last."""

    most: int = MAX_PROVED
    _digests: OrderedDict[bytes, None] = field(default_factory=OrderedDict)

    def has(self, secret: str) -> bool:
        """Was it in force when it last came?"""
        return _digest(secret) in self._digests

    def add(self, secret: str) -> None:
        """It is in force now."""
        digest = _digest(secret)
        self._digests[digest] = None
        self._digests.move_to_end(digest)
        while len(self._digests) > self.most:
            self._digests.popitem(last=False)

    def drop(self, secret: str) -> None:
        """It is in force no more, or never was."""
        self._digests.pop(_digest(secret), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Paces:
    """Every limit of how often may be asked; `clock_us` tells µs since 1970 UTC."""

    clock_us: Callable[[], int]
    tokens: Buckets
    accounts: Buckets
    failures: Buckets
    proved: Proved = field(default_factory=Proved)

    @classmethod
    def of(cls, clock_us: Callable[[], int], limits: Limits = USUAL) -> Self:
        """With nothing asked yet."""
        return cls(
            clock_us=clock_us,
            tokens=Buckets(limits.each_token),
            accounts=Buckets(limits.each_token.times(TOKENS_OF_AN_ACCOUNT)),
            failures=Buckets(limits.failures),
        )

    def admit(self, account: Account) -> None:
        """Count a request of this account and of its token. Raises `TooManyRequests`."""
        now_us = self.clock_us()
        proof = account.proof
        if proof is not None and proof.kind == "token":
            _admitted(self.tokens.take(proof.row, now_us))
        _admitted(self.accounts.take((account.tenant, account.name), now_us))

    async def guarded(
        self, address: str, secret: str, prove: Callable[[str], Awaitable[Account]]
    ) -> Account:
        """Whom a token speaks for; from an address of many failures one that is new must wait.

        Raises `NotAuthenticated`, `TooManyRequests`.
        """
        is_new, whose = not self.proved.has(secret), network_of(address)
        if is_new:
            # Before it is looked at: else many guesses at the same moment would all be looked at.
            _admitted(self.failures.take(whose, self.clock_us()))
        try:
            account = await prove(secret)
        except NotAuthenticated:
            self.proved.drop(secret)
            raise
        if is_new:
            self.failures.give_back(whose, self.clock_us())
        self.proved.add(secret)
        return account


def network_of(address: str) -> str:
    """What counts as one sender: an IPv4 address, a /64 of IPv6, or what else it is called."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if not isinstance(parsed, IPv6Address):
        return address
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(int(parsed) >> (128 - _IPV6_NETWORK_BITS))


def _admitted(wait_s: float) -> None:
    if wait_s:
        raise TooManyRequests(wait_s)


def _digest(secret: str) -> bytes:
    return sha256(secret.encode()).digest()
