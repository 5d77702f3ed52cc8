"""Whether somebody asks too often: by token, by account, and by address of failed proofs.

Knows nothing of the web. What it remembers is bounded and lies in memory alone.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from ipaddress import IPv6Address, ip_address
from typing import Final, Protocol, Self

from api.access.rate_buckets import TOKENS_OF_AN_ACCOUNT, Buckets, RateLimits
from api.permissions.accounts import Account
from api.permissions.errors import NotAuthenticated, TooManyRequests

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


class Register(Protocol):
    """What knows whom a token speaks for."""

    async def by_token(self, secret: str) -> Account:
        """Whom it speaks for; raises `NotAuthenticated`, and has it counted."""
        ...

    async def look_up(self, secret: str) -> Account | None:
        """Whom it speaks for, if anybody."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Paces:
    """Every limit of how often may be asked; `clock_us` tells µs since 1970 UTC.

    Tokens from addresses of many failures are looked up one after the other: all who guess
    together have the catalog read once at a time, and a good one is found in its turn.
    """

    clock_us: Callable[[], int]
    tokens: Buckets
    accounts: Buckets
    failures: Buckets
    proved: Proved = field(default_factory=Proved)
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    @classmethod
    def of(cls, clock_us: Callable[[], int], limits: RateLimits) -> Self:
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

    async def guarded(self, address: str, secret: str, register: Register) -> Account:
        """Whom a token speaks for; from an address of many failures one that is new takes turns.

        Raises `NotAuthenticated`, `TooManyRequests`.
        """
        if self.proved.has(secret):
            return await self._proved(secret, register)
        whose = network_of(address)
        # Before it is looked at: else many guesses at the same moment would all be looked at.
        wait_s = self.failures.take(whose, self.clock_us())
        if wait_s:
            return await self._in_turn(secret, register, wait_s)
        account = await self._proved(secret, register)
        self.failures.give_back(whose, self.clock_us())
        return account

    async def _proved(self, secret: str, register: Register) -> Account:
        try:
            account = await register.by_token(secret)
        except NotAuthenticated:
            self.proved.drop(secret)
            raise
        self.proved.add(secret)
        return account

    async def _in_turn(self, secret: str, register: Register, wait_s: float) -> Account:
        """Nobody who guesses beside a good one locks it out."""
        async with self._turn:
            account = await register.look_up(secret)
        if account is None:
            raise TooManyRequests(wait_s)
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
