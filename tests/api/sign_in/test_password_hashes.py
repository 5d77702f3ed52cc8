"""Passwords as hashes: at a cost that is bounded, and the same for what there is not."""

import asyncio
import threading

import pytest

from api.permissions.errors import SignInBusy
from api.sign_in.password_hashes import AT_ONCE, Cost, Hashing
from tests.api.sign_in_terms import TERMS


async def test_a_password_is_known_again_and_no_two_hashes_are_alike() -> None:
    """Each has a salt of its own."""
    hashing = Hashing(TERMS.cost)
    one, other = await hashing.hashed("pass word"), await hashing.hashed("pass word")

    assert one != other
    assert await hashing.is_right("pass word", one)
    assert not await hashing.is_right("pass word ", one)
    assert not await hashing.is_right("pass word", None)
    assert await hashing.is_right("\ud800", await hashing.hashed("\ud800"))


async def test_the_cost_is_that_of_rfc_9106() -> None:
    """Argon2id, 64 MiB, 3 passes, 4 lanes; it stands in the hash itself."""
    assert (await Hashing().hashed("x")).startswith(b"$argon2id$v=19$m=65536,t=3,p=4$")
    assert Hashing().cost == Cost()


class Held:
    """Work that is not done before it is let go."""

    def __init__(self) -> None:
        self.begun, self.going = threading.Semaphore(0), threading.Event()

    def __call__(self) -> bool:
        """Begin, and wait."""
        self.begun.release()
        return self.going.wait(60)


async def begun(held: Held) -> None:
    """Wait until as many have begun as may."""
    for _ in range(AT_ONCE):
        assert await asyncio.to_thread(held.begun.acquire, timeout=60)


async def test_two_are_worked_out_at_a_time_and_who_waits_too_long_is_told_so() -> None:
    """Strangers cannot have us take more memory than for two."""
    held, hashing = Held(), Hashing(TERMS.cost, waits_s=0)
    async with asyncio.TaskGroup() as group:
        for _ in range(AT_ONCE):
            group.create_task(hashing._worked_out(held))
        await begun(held)
        with pytest.raises(SignInBusy):
            await hashing.is_right("x", None)
        held.going.set()

    assert AT_ONCE == 2
    assert await hashing.hashed("x")


async def test_who_hangs_up_makes_no_room_before_its_work_is_done() -> None:
    """A thread cannot be stopped: a third would begin beside it."""
    held, hashing = Held(), Hashing(TERMS.cost, waits_s=0)
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(hashing._worked_out(held)) for _ in range(AT_ONCE)]
        await begun(held)
        for task in tasks:
            task.cancel()
        await asyncio.sleep(0)
        with pytest.raises(SignInBusy):
            await hashing.is_right("x", None)
        held.going.set()
