"""How relays are scheduled."""

import os
import resource
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from capture.media.relay.priority import BUSY, EASY, RUNAWAY_S, Priority, PriorityWord
from capture.media.relay.worker import BEAT_S
from tests.capture.media.relay_scene import Stage

ASKS = "from capture.media.relay.priority import ask_kernel as ask; ask('realtime');"
REALTIME = os.SCHED_RR | os.SCHED_RESET_ON_FORK
NORMAL = os.SCHED_OTHER | os.SCHED_RESET_ON_FORK
ALLOWED = subprocess.run(["chrt", "--rr", "1", "true"], capture_output=True, check=False)
needs_leave = pytest.mark.skipif(ALLOWED.returncode != 0, reason="no leave for real time here")


def refuse(_: PriorityWord) -> None:
    """As the kernel does without leave."""
    raise PermissionError(1, "Operation not permitted")


def ignore(word: PriorityWord, because: str) -> None:
    """Nobody reads the log."""


@contextmanager
def child(code: str) -> Iterator["subprocess.Popen[str]"]:
    """A Python that does this, says so, and waits."""
    code += "print('there', flush=True); input()"
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", code], stdin=pipe, stdout=pipe, text=True) as one:
        assert one.stdout is not None
        assert one.stdout.readline() == "there\n"
        yield one
        one.communicate("\n")


@pytest.mark.parametrize(
    ("shares", "asked"),
    [
        ((0.1, 0.8), ["realtime"]),
        ((0.8, BUSY), ["realtime", "normal"]),
        ((1.0, 1.0), ["realtime", "normal"]),
        ((1.0, EASY), ["realtime", "normal"]),
        ((1.0, 0.5), ["realtime", "normal", "realtime"]),
    ],
    ids=["room", "busy", "busy on", "hardly less busy", "room again"],
)
def test_a_relay_with_too_much_to_do_goes_back_among_the_others(
    shares: tuple[float, ...], asked: list[str]
) -> None:
    """What seals its packets needs a core, too; it goes ahead again when there is one."""
    seen: list[PriorityWord] = []
    priority = Priority("realtime", seen.append, ignore)
    priority.begin()
    for share in shares:
        priority.follow(share)

    assert seen == asked
    assert priority.runs == asked[-1]


def test_without_leave_it_is_one_of_many_and_does_not_ask_again() -> None:
    """Nor does it write a line to the log with every beat."""
    asked: list[PriorityWord] = []

    def ask(word: PriorityWord) -> None:
        asked.append(word)
        refuse(word)

    told: list[tuple[PriorityWord, str]] = []
    priority = Priority("realtime", ask, lambda word, because: told.append((word, because)))
    priority.begin()
    priority.follow(0.1)

    assert (asked, priority.runs) == (["realtime"], "normal")
    assert told == [("normal", "Operation not permitted")]


def test_where_it_is_not_wished_the_kernel_is_not_asked() -> None:
    """Neither at the start nor with a beat."""
    priority = Priority("normal", refuse, ignore)
    priority.begin()
    priority.follow(0.1)
    priority.follow(1.0)

    assert priority.runs == "normal"


@needs_leave
@pytest.mark.parametrize(
    ("code", "is_so"), [("", REALTIME), ("ask('normal');", NORMAL)], ids=["realtime", "normal"]
)
def test_the_kernel_schedules_it_so(code: str, is_so: int) -> None:
    """As it says itself, asked from another process; no child has it, and it has a limit."""
    with child(ASKS + code) as one:
        assert os.sched_getscheduler(one.pid) == is_so
        limit_us = resource.prlimit(one.pid, resource.RLIMIT_RTTIME)
        assert limit_us == (RUNAWAY_S * 1_000_000,) * 2


@needs_leave
def test_the_kernel_ends_one_that_never_waits() -> None:
    """Nothing else may get the core that would: not even who is to start another one.

    The limit that there was is kept where it is lower than ours.
    """
    lower = "import resource as r; r.setrlimit(r.RLIMIT_RTTIME, (100_000, 100_000));"
    spinning = subprocess.run(
        [sys.executable, "-c", f"{lower}{ASKS}\nwhile True: pass"], check=False
    )

    assert spinning.returncode == -signal.SIGKILL


@needs_leave
@pytest.mark.parametrize(("wish", "is_so"), [("realtime", REALTIME), ("normal", os.SCHED_OTHER)])
def test_a_relay_runs_as_its_plan_says(stage: Stage, wish: PriorityWord, is_so: int) -> None:
    """The thread that relays; the others of its process do not."""
    stage.priority = wish
    relay, seen = stage.begin(), list[int]()

    def stopping() -> bool:
        seen.append(os.sched_getscheduler(0))
        return True

    thread = threading.Thread(target=relay.run, args=[stopping])
    thread.start()
    thread.join()

    assert seen == [is_so]
    assert os.sched_getscheduler(0) == os.SCHED_OTHER


def test_a_relay_follows_what_it_has_used_in_a_beat(stage: Stage) -> None:
    """On this stage it never waits: all of the time is work."""
    asked: list[PriorityWord] = []
    stage.relay.priority = Priority("realtime", asked.append, ignore)
    stage.relay.priority.begin()
    for _ in range(2):
        stage.pass_time(BEAT_S + 0.1)

    assert asked == ["realtime", "normal"]
