"""Parts start in order, are restarted when they die, stop in order; nobody else is touched."""

import asyncio
import dataclasses
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import structlog

from rokuon.compose.processes.part_plan import PartPlan, Pauses
from rokuon.compose.processes.supervisor import START_ORDER, Supervisor
from rokuon.messages.errors import PartFailed
from tests import ROOT
from tests.support.supervising import process_id

# Says that it is ready, notes its end in a file, and ends on SIGTERM.
WELL = """
import os, signal, sys
from rokuon.machine.notify import READY, end_with_supervisor, tell
end_with_supervisor(os.environ)
def stop(*_):
    with open("ends", "a") as file: print(sys.argv[1], file=file)
    sys.exit(0)
signal.signal(signal.SIGTERM, stop)
tell(READY, os.environ)
while True: signal.pause()
"""
TELLS = """
import os
with open("lives", "w") as file: file.write(str(os.getpid()))
"""
DEAF = """
import os, signal
from rokuon.machine.notify import READY, tell
signal.signal(signal.SIGTERM, signal.SIG_IGN)
tell(READY, os.environ)
while True: signal.pause()
"""


def plan(name: str, code: str = WELL, *, start_s: float = 20, grace_s: float = 20) -> PartPlan:
    return PartPlan(
        name=name,
        command=(sys.executable, "-c", code, name),
        start_s=start_s,
        grace_s=grace_s,
    )


def supervise(*plans: PartPlan) -> Supervisor:
    return Supervisor(plans, {**os.environ, "PYTHONPATH": str(ROOT)})


async def run_until_ready(
    supervisor: Supervisor, then: Callable[[], object], names: tuple[str, ...]
) -> list[str]:
    """Run until every part is ready, do something, stop; the order in which they became ready."""
    stop = asyncio.Event()
    order: list[str] = []
    on_ready = {name: (lambda name=name: order.append(name)) for name in names}
    async with asyncio.TaskGroup() as group:
        group.create_task(supervisor.run(stop, on_ready=on_ready))
        assert await supervisor.all_ready(stop)
        await asyncio.to_thread(then)
        stop.set()
    return order


@pytest.fixture(autouse=True)
def quiet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Parts leave their notes in a folder of the test."""
    monkeypatch.chdir(tmp_path)
    structlog.configure(logger_factory=structlog.ReturnLoggerFactory())


async def test_parts_start_in_one_order_and_stop_in_another(tmp_path: Path) -> None:
    """Nobody works without keys; what capture closes last is still adopted."""
    supervisor = supervise(*(plan(name) for name in START_ORDER))

    order = await run_until_ready(supervisor, lambda: None, START_ORDER)

    assert order == ["keys", "capture", "keeper", "retention", "api"]
    assert (tmp_path / "ends").read_text().split() == [
        "api", "retention", "capture", "keeper", "keys",
    ]  # fmt: skip


async def test_a_part_that_dies_is_started_again(tmp_path: Path) -> None:
    """A crash of one part must not need a person."""
    supervisor = supervise(plan("api", TELLS + WELL))
    stop = asyncio.Event()
    os.mkfifo(tmp_path / "lives")
    async with asyncio.TaskGroup() as group:
        group.create_task(supervisor.run(stop, on_ready={}))
        first = int(await asyncio.to_thread((tmp_path / "lives").read_text))
        await supervisor.all_ready(stop)
        os.kill(first, signal.SIGKILL)
        second = int(await asyncio.to_thread((tmp_path / "lives").read_text))
        stop.set()

    assert second != first


async def test_a_part_that_never_gets_ready_ends_the_whole_with_its_name(tmp_path: Path) -> None:
    """A port in use is told at once, not found out tomorrow; who was started is stopped."""
    supervisor = supervise(plan("keys"), plan("api", "raise SystemExit(7)"))

    with pytest.raises(ExceptionGroup) as group:
        await supervisor.run(asyncio.Event(), on_ready={})

    failed = group.value.exceptions[0]
    assert isinstance(failed, PartFailed)
    assert failed.name == "api"
    assert (tmp_path / "ends").read_text() == "keys\n"


async def test_a_silent_part_is_not_waited_for_for_ever() -> None:
    """A start that hangs is a failed one."""
    supervisor = supervise(plan("keys", "import signal; signal.pause()", start_s=0.2))

    with pytest.raises(ExceptionGroup) as group:
        await supervisor.run(asyncio.Event(), on_ready={})

    assert "keys" in str(group.value.exceptions[0])


async def test_a_part_that_overstays_its_grace_does_not_rob_the_next_of_its_turn(
    tmp_path: Path,
) -> None:
    """It is killed, and the others still stop in order."""
    supervisor = supervise(plan("keys"), plan("api", DEAF, grace_s=0.2))

    await run_until_ready(supervisor, lambda: None, ())

    assert (tmp_path / "ends").read_text() == "keys\n"


async def test_a_process_that_the_supervisor_did_not_start_is_left_alone() -> None:
    """Another program in the same session keeps running."""
    wait = [sys.executable, "-c", "import signal; signal.pause()"]
    with subprocess.Popen(wait) as stranger:  # noqa: ASYNC220  # it does not block
        await run_until_ready(supervise(plan("api")), lambda: None, ())
        lives = stranger.poll() is None
        stranger.kill()

    assert lives


async def test_parts_do_not_get_the_terminals_interrupt() -> None:
    """Ctrl-C goes to the supervisor, who stops them in order."""
    sessions: list[int] = []
    supervisor = supervise(plan("api"))

    def look() -> None:
        process = process_id(supervisor, "api")
        assert process is not None
        sessions.append(os.getsid(process))

    await run_until_ready(supervisor, look, ())

    assert sessions[0] != os.getsid(0)


# Notes that it was told to read again, and ends.
HANGS_UP = """
import os, signal, sys
from rokuon.machine.notify import READY, tell
def again(*_):
    with open("again", "w") as file: print(sys.argv[1], file=file)
    sys.exit(0)
signal.signal(signal.SIGHUP, again)
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
tell(READY, os.environ)
while True: signal.pause()
"""


async def test_a_hangup_goes_on_to_the_part_that_is_named(tmp_path: Path) -> None:
    """`systemctl reload` speaks to us; the configuration is read by those who live by it."""
    os.mkfifo(tmp_path / "again")
    supervisor = supervise(plan("keys"), plan("capture", HANGS_UP))
    supervisor.pass_on_hangup("capture")
    heard: list[str] = []

    def hang_up() -> None:
        os.kill(os.getpid(), signal.SIGHUP)
        heard.append((tmp_path / "again").read_text())

    await run_until_ready(supervisor, hang_up, ("keys", "capture"))

    assert heard == ["capture\n"]


BY_TURNS = """
import os
from rokuon.machine.notify import stand_by
stand_by(os.environ, lambda: None)
"""
# As a part with a spare: it prepares itself, waits for its turn, and notes its process.
SPARED = """
import os
from rokuon.machine.notify import stand_by
stand_by(os.environ, lambda: open("prepared", "a").write(str(os.getpid()) + " "))
"""


async def test_a_spare_takes_the_place_of_who_died(tmp_path: Path) -> None:
    """It was there before, and the next one is loaded behind it."""
    alive = plan("signalling", SPARED + TELLS + WELL)
    supervisor = supervise(dataclasses.replace(alive, has_spare=True))
    stop = asyncio.Event()
    for name in ("lives", "prepared"):
        os.mkfifo(tmp_path / name)
    async with asyncio.TaskGroup() as group:
        group.create_task(supervisor.run(stop, on_ready={}))
        first = int(await asyncio.to_thread((tmp_path / "lives").read_text))
        spare = int(await asyncio.to_thread((tmp_path / "prepared").read_text))
        os.kill(first, signal.SIGKILL)
        second = int(await asyncio.to_thread((tmp_path / "lives").read_text))
        next_spare = int(await asyncio.to_thread((tmp_path / "prepared").read_text))
        stop.set()

    assert second == spare
    assert next_spare not in {first, second}
    with pytest.raises(ProcessLookupError):
        os.kill(next_spare, 0)


# Notes when it is there and when it ends in order.
NOTES = """
import os, signal, sys
from rokuon.machine.notify import READY, tell
from rokuon.machine.notify import stand_by
stand_by(os.environ, lambda: None)
def note(what):
    with open("notes", "w") as file: print(what + sys.argv[1], file=file)
def stop(*_):
    note("-")
    sys.exit(0)
signal.signal(signal.SIGTERM, stop)
note("+")
tell(READY, os.environ)
while True: signal.pause()
"""
AT_ONCE = Pauses(first_s=0.0, longest_s=0.0)


async def killed_ground(notes: Path, signalling: str, lines: int) -> list[str]:
    """What three parts note, of which the first carries the others and is killed once."""
    made = (
        plan("holder", NOTES),
        plan("ingest", NOTES),
        plan("signalling", signalling, grace_s=0.2),
    )
    ground, *others = (dataclasses.replace(each, pauses=AT_ONCE) for each in made)
    plans = (dataclasses.replace(ground, carries_others=True), *others)
    order = ("signalling", "ingest", "holder")
    supervisor = Supervisor(plans, {**os.environ, "PYTHONPATH": str(ROOT)}, stop_order=order)
    stop = asyncio.Event()
    os.mkfifo(notes)
    heard = os.open(notes, os.O_RDWR)  # so that no writer waits, and no end comes
    async with asyncio.TaskGroup() as group:
        group.create_task(supervisor.run(stop, on_ready={}))
        assert await supervisor.all_ready(stop)
        pid = process_id(supervisor, "holder")
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        found = await asyncio.to_thread(read_lines, heard, lines)
        stop.set()
    os.close(heard)
    return found


def read_lines(descriptor: int, count: int) -> list[str]:
    found = b""
    while found.count(b"\n") < count:
        found += os.read(descriptor, 4_096)
    return found.decode().split()


async def test_where_the_ground_dies_all_end_and_start_anew_after_it(tmp_path: Path) -> None:
    """What they live by is gone; while they keep it, the next one cannot have it."""
    found = await killed_ground(tmp_path / "notes", NOTES, lines=8)

    assert found[:6] == [
        "+holder", "+ingest", "+signalling",
        "-signalling", "-ingest", "+holder",
    ]  # fmt: skip
    assert sorted(found[6:]) == ["+ingest", "+signalling"]


async def test_what_cannot_end_in_time_is_killed_and_the_others_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What they closed in order would look as if it went on in another part."""
    monkeypatch.setattr("rokuon.compose.processes.supervisor.LET_GO_S", 0.2)
    found = await killed_ground(tmp_path / "notes", BY_TURNS + DEAF, lines=4)

    assert found == ["+holder", "+ingest", "+holder", "+ingest"]
