"""A second instance of every part beside a Rokuon that runs, and supervisors that are killed."""

import asyncio
import os
import random
import signal
import subprocess
from collections.abc import Iterator
from functools import partial

import pytest

from archive.call.live import Question
from rokuon.compose.archive.key_daemon import key_daemon_answers
from rokuon.compose.capture.node_control import ask
from rokuon.compose.processes.instances import folder_of
from rokuon.messages.choices import Part
from rokuon.messages.errors import NothingFound
from rokuon.selftest.signalling import Transport
from tests.crash.runs import SETUPS_PER_S, Asker, talking
from tests.crash.whole import START_WITHIN_S, Whole, is_gone, part_of, wait_until

pytestmark = pytest.mark.slow
CALLS = 3
# A person at the terminal, or a unit that was enabled beside `rokuon serve`.
SECOND = {part.value: (part.value,) for part in Part if part is not Part.ALL}
SECOND |= {"ingest": ("ingest", "--number", "1"), "all": ()}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Whole]:
    """One for all: each test leaves it running."""
    made = Whole(tmp_path_factory.mktemp("whole"))
    made.start()
    yield made
    made.stop()


def answers(whole: Whole) -> bool:
    """Whether keys, capture and SIP say something; raises where one says nothing."""
    with Asker(whole.sip_port, Transport.UDP):
        return key_daemon_answers(whole.config) and is_up(whole)


def is_up(whole: Whole) -> bool:
    """Whether signalling answers, at its own socket."""
    try:
        return ask(whole.config, Question()).total == 0
    except NothingFound:
        return False


def sockets_of(whole: Whole) -> dict[str, int]:
    """Every socket below the data folder, by its inode."""
    found = whole.config.node.data.rglob("*.sock")
    return {str(path): path.stat().st_ino for path in found}


def test_a_second_of_any_part_is_refused_and_the_first_goes_on(whole: Whole) -> None:
    """It says who has the folder; nothing of the first is touched, above all no socket."""
    config, before, sockets = whole.config, whole.pids, sockets_of(whole)
    parts = {part_of(pid): pid for pid in reversed(before)}  # a spare comes behind its own
    tried = {
        part: subprocess.Popen(whole.command("serve", *words), stderr=subprocess.PIPE, text=True)
        for part, words in SECOND.items()
        if part != "relay"  # there is none without inline calls
    }
    try:
        said = {
            part: second.communicate(timeout=START_WITHIN_S)[1] for part, second in tried.items()
        }
    finally:
        for second in tried.values():
            second.kill()

    for part, second in tried.items():
        assert second.returncode == 1, (part, said[part])
        holder = parts[{"all": "", "ingest": "ingest-1"}.get(part, part)]
        folder = config.node.data if part == "all" else folder_of(config, part)
        assert f"in {folder}: process {holder}\n" in said[part]
    assert {*parts.values()} <= {*whole.pids}
    assert sockets_of(whole) == sockets
    assert answers(whole)


async def test_capture_comes_back_after_its_supervisor_was_killed(whole: Whole) -> None:
    """Its children have the sockets until they have ended their calls; the next one waits."""
    luck = random.Random(1)  # noqa: S311 - a run must be repeatable
    async with talking(whole, luck, Transport.UDP, CALLS) as load:
        former = [pid for pid in whole.pids if part_of(pid) in ("holder", "ingest-1", "signalling")]
        await asyncio.to_thread(whole.kill, "capture")
        await asyncio.to_thread(
            wait_until, lambda: all(map(is_gone, former)), within_s=30, what="end of the former"
        )
        await load.silence()
    is_back = partial(is_up, whole)
    await asyncio.to_thread(wait_until, is_back, within_s=START_WITHIN_S, what="the next capture")
    async with talking(whole, luck, Transport.UDP, CALLS) as load:
        assert len(await load.hang_up(per_s=SETUPS_PER_S)) == 2 * CALLS


def test_a_rokuon_whose_supervisor_was_killed_starts_again_at_once(whole: Whole) -> None:
    """Its parts are ending, sockets of theirs lie about: nobody has to wait or to clear up."""
    (supervisor, *_) = whole.pids
    os.kill(supervisor, signal.SIGKILL)
    wait_until(lambda: is_gone(supervisor), within_s=30, what="the end of the supervisor")
    whole.start()

    assert answers(whole)
