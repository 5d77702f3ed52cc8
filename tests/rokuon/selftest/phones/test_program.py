"""A phone as a program: orders in, events out. The program here is no phone."""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from rokuon.selftest.phones import program as phone_program
from rokuon.selftest.phones.program import OrderFailed, PhoneFailed, PhoneProgram, running

ORDERS = Path(phone_program.__file__).parent / "programs/orders.py"
PROGRAM = """
import os, sys, threading, time
from orders import obey, settings, tell
class Phone:
    def do_call(self, number):
        tell("state", call=1, state="calling")
        tell("state", call=1, state="up", number=number)
        return settings()["says"]
    def do_fail(self):
        raise ValueError("no such call")
    def do_wait(self):
        threading.Event().wait()
    def do_die(self):
        print("out of memory", file=sys.stderr, flush=True)
        os._exit(1)
obey(Phone(), lambda: time.sleep(0.001))
open("ended", "w").close()
"""


@asynccontextmanager
async def phone(folder: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[PhoneProgram]:
    (folder / "orders.py").write_text(ORDERS.read_text())
    (folder / "fake.py").write_text(PROGRAM)
    monkeypatch.setattr(phone_program, "_PROGRAMS", folder)
    monkeypatch.chdir(folder)
    async with running(Path(sys.executable), "fake", folder, {"says": "hello"}) as started:
        yield started


async def test_an_order_is_carried_out_and_what_was_told_meanwhile_is_not_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A call may be answered before the order to call is done."""
    async with phone(tmp_path, monkeypatch) as program:
        assert await program.order("call", {"number": "12"}) == "hello"
        up = await program.told({"state": "over"}, {"state": "up", "call": 1})

    assert up["number"] == "12"
    assert (tmp_path / "ended").exists(), "the end of its orders is its end"


async def test_an_order_that_fails_says_why_and_the_program_runs_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A library refuses what does not fit its state."""
    async with phone(tmp_path, monkeypatch) as program:
        with pytest.raises(OrderFailed, match="no such call"):
            await program.order("fail", {})
        assert await program.order("call", {"number": "12"}) == "hello"


async def test_a_program_that_carries_nothing_out_is_waited_for_so_long_and_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """pyVoIP waits for answers for ever."""
    async with phone(tmp_path, monkeypatch) as program:
        monkeypatch.setattr(phone_program, "ORDER_S", 0.05)
        monkeypatch.setattr(phone_program, "END_S", 0.05)
        with pytest.raises(OrderFailed):
            await program.order("wait", {})

    assert not (tmp_path / "ended").exists()


async def test_a_program_that_ends_by_itself_is_quoted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its last words say more than that it is gone."""
    async with phone(tmp_path, monkeypatch) as program:
        with pytest.raises(PhoneFailed, match="out of memory"):
            await program.order("die", {})


async def test_a_python_without_the_library_is_quoted_before_any_order(tmp_path: Path) -> None:
    """It ended before it was ready."""
    with pytest.raises(PhoneFailed, match="no_such"):
        async with running(Path(sys.executable), "no_such", tmp_path, {}):
            pass
