"""Passwords as Argon2id hashes, worked out in threads, a few at a time.

Knows nothing of whose a password is. A password that is checked against nothing costs the same.
"""

import asyncio
import base64
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Final, TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from api.permissions.errors import SignInBusy

# Each takes its memory for a tenth of a second: two bound what strangers can make us use.
AT_ONCE: Final = 2
WAITS_S: Final = 5.0
_SALT_BYTES: Final = 16
_HASH_BYTES: Final = 32

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What one hash costs; the default is RFC 9106 §4, second recommended option."""

    memory_kib: int = 65_536
    passes: int = 3
    lanes: int = 4


@dataclass(frozen=True, slots=True)
class Hashing:
    """Hashes and checks; at most `AT_ONCE` are under way, who waits longer than `waits_s` is
    told so.
    """

    cost: Cost = field(default_factory=Cost)
    waits_s: float = WAITS_S
    _room: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))
    _threads: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(AT_ONCE, thread_name_prefix="argon2")
    )

    async def hashed(self, password: str) -> bytes:
        """What is kept of a password; raises `SignInBusy`."""
        hasher = self._hasher()
        return await self._worked_out(lambda: hasher.hash(_bytes(password)).encode())

    async def is_right(self, password: str, kept: bytes | None) -> bool:
        """Whether it is the password of which that is kept; of None it never is, at the same cost.

        Raises `SignInBusy`.
        """
        hasher, against = self._hasher(), kept or _of_nothing(self.cost)

        def checked() -> bool:
            try:
                return hasher.verify(against, _bytes(password))
            except VerificationError:
                return False

        return await self._worked_out(checked) and kept is not None

    def _hasher(self) -> PasswordHasher:
        cost = self.cost
        return PasswordHasher(cost.passes, cost.memory_kib, cost.lanes, _HASH_BYTES, _SALT_BYTES)

    async def _worked_out(self, work: Callable[[], _T]) -> _T:
        try:
            async with asyncio.timeout(self.waits_s):
                await self._room.acquire()
        except TimeoutError as late:
            raise SignInBusy("too many passwords at the same time") from late
        working = asyncio.get_running_loop().run_in_executor(self._threads, work)
        # Who hangs up meanwhile makes no room: a thread goes on until it is done.
        working.add_done_callback(lambda _: self._room.release())
        return await asyncio.shield(working)


def _of_nothing(cost: Cost) -> bytes:
    """What might be kept of a password, and is of none: it is checked at the whole cost."""
    salt, digest = (
        base64.b64encode(secrets.token_bytes(size)).rstrip(b"=").decode()
        for size in (_SALT_BYTES, _HASH_BYTES)
    )
    parameters = f"m={cost.memory_kib},t={cost.passes},p={cost.lanes}"
    return f"$argon2id$v=19${parameters}${salt}${digest}".encode()


def _bytes(password: str) -> bytes:
    return password.encode("utf-8", "surrogatepass")
