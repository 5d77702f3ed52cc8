"""How calls of a running signalling end, and what its log says of them; its worker is played."""

import asyncio
import logging
import socket
from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from capture.inline.routing.route import Target
from capture.inline.state.exchange import Switch
from capture.links.recorder_messages import Close, Closed, Record
from capture.recording.session_timeouts import Timeouts
from capture.sip.message import Request, Response
from capture.sip.parser import split_message
from tests.capture.sip.scenes import peer_response
from tests.capture.siprec.stage import MIXED, SDP, SIPREC, described
from tests.support.capture.registrations import are_registered
from tests.support.live_signalling import (
    LOOPBACK,
    PATIENCE_S,
    Node,
    Phone,
    PlayedWorker,
    Running,
    until,
    wall_us,
)

UP = {"pbx": True}


async def test_a_silent_call_is_hung_up(node: Node) -> None:
    """By the watch, twice a second; the client hears it, the worker closes."""
    node.plan = replace(node.plan, timeouts=Timeouts(media_s=1, hold_s=9, longest_s=9))
    phone = Phone(node.sip)
    async with Running(node) as running:
        await phone.call()
        asked = []
        while b"BYE" not in asked:
            asked.append((await phone.hear()).cseq.method)
        while not isinstance(told := await running.worker.hear(), Close):
            pass

    assert asked[0] == b"OPTIONS"
    assert told.reason == "media_timeout"


async def test_a_call_is_not_silent_while_its_worker_is_away(node: Node) -> None:
    """Who would have heard it has died: longer than a call may be silent, and the call is up."""
    node.plan = replace(node.plan, timeouts=Timeouts(media_s=1, hold_s=9, longest_s=9))
    phone = Phone(node.sip)
    async with Running(node) as running:
        await phone.call()
        (session,) = running.signalling._server.sessions
        running.worker._writer.close()
        absences = running.signalling._timeouts.absences
        await until(lambda: absences.since(0, session.created_us) >= 1_500_000)
        assert running.signalling._server.sessions.live == 1

        running.worker = await PlayedWorker.on(node.plan.link)
        while not isinstance(told := await running.worker.hear(), Close):
            pass

    assert told.reason == "media_timeout"


async def test_a_clock_that_is_set_ends_no_call(node: Node) -> None:
    """Every call would look silent for as long as the clock was set forward."""
    ahead_us = 0
    node.wall_us = lambda: wall_us() + ahead_us
    phone = Phone(node.sip)
    async with Running(node) as running:
        await phone.call()
        sessions = running.signalling._server.sessions
        ahead_us = 3_600_000_000
        await until(lambda: any(each.liveness.resumed_us for each in sessions))
        phone.send(b"OPTIONS", 2)

        assert (await phone.answer()).status == 200
        assert sessions.live == 1


@pytest.mark.parametrize(
    ("is_held", "reason"), [(True, "node_stopped"), (False, "node_failed")], ids=["stop", "failure"]
)
async def test_a_stop_hangs_up_and_waits_until_the_worker_has_closed(
    node: Node, is_held: bool, reason: str
) -> None:
    """Refuse, end, seal, go. Where the holder has died the recordings say that it was no stop."""
    phone = Phone(node.sip)
    async with Running(node) as running:
        await phone.call()
        record = await running.worker.hear()
        assert isinstance(record, Record)
        if not is_held:  # as the kernel does for a process that has ended
            node.holder._socket.shutdown(socket.SHUT_RDWR)
        running.stop.set()
        bye = await phone.hear()
        while not isinstance(told := await running.worker.hear(), Close):
            pass
        late = Phone(node.sip)
        late.send(b"INVITE", 1, SIPREC, MIXED, body=described())
        refused = await late.answer()
        still_waiting = not running.task.done()
        running.worker.say(Closed(recording=record.recording))
        await asyncio.wait_for(running.task, PATIENCE_S)

    assert isinstance(bye, Request)
    assert bye.method == b"BYE"
    assert (told.reason, refused.status, still_waiting) == (reason, 503, True)


async def test_a_stop_takes_registrations_back_and_a_kill_does_not(node: Node) -> None:
    """A registrar sends no more calls to who is gone; a successor is there at once."""
    registrar = Phone(node.sip)
    target = Target(
        name="pbx", uri=f"sip:{LOOPBACK}:{registrar.port}", user="201", register=True, check_s=0
    )
    node.plan = replace(node.plan, switch=Switch(targets={"pbx": target}))

    asked: list[bytes | None] = []

    def answer() -> None:
        data = registrar.sock.recv(1 << 16)
        request = split_message(data)
        assert isinstance(request, Request)
        asked.append(request.value(b"expires"))
        registrar.sock.sendto(peer_response(data, 200), node.sip)

    asyncio.get_running_loop().add_reader(registrar.sock, answer)
    for is_stopped in (False, True):
        async with Running(node) as running:
            targets = running.signalling._dispatch.targets
            await until(lambda known=targets: are_registered(known) == UP)  # type: ignore[misc]  # bound now
            if is_stopped:
                running.stop.set()
                await asyncio.wait_for(running.task, PATIENCE_S)
        assert (asked[-1] == b"0") is is_stopped
    asyncio.get_running_loop().remove_reader(registrar.sock)


async def test_no_number_and_no_name_is_in_a_log_line(
    node: Node, caplog: pytest.LogCaptureFixture
) -> None:
    """Logs are read by more people than calls."""
    phone = Phone(node.sip)
    with capture_logs() as logs, caplog.at_level(logging.DEBUG):
        async with Running(node):
            phone.send(b"REFER", 1)
            assert (await phone.answer()).status == 405
            phone.sock.sendto(b"INVITE sip:+81355550100 Hanako\r\nVia: x\r\n\r\n", node.sip)
            phone.tag = b""
            phone.send(b"INVITE", 2, SIPREC, SDP, body=b"Hanako +81355550100")
            heard = [await phone.hear(), await phone.hear()]
            assert [each.status for each in heard if isinstance(each, Response)] == [400, 400]
            phone.tag = b""
            phone.send(b"INVITE", 3, SIPREC, MIXED, body=described())
            assert (await phone.answer()).status == 200
        async with Running(node):
            phone.send(b"BYE", 4)
            assert (await phone.answer()).status == 200

    written = str(logs) + caplog.text
    assert {"request refused", "malformed message", "live calls taken over"} <= {
        entry["event"] for entry in logs
    }
    refused = [entry for entry in logs if entry["event"] == "call refused"]
    assert {each["call_id"] for each in refused} == {"", f"{phone.port}@127.0.0.1"}
    assert "5555" not in written
    assert "Hanako" not in written
    assert [each for each in caplog.records if each.levelno >= logging.ERROR] == []


async def test_a_call_for_which_there_is_no_memory_goes_on(
    node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would not survive a restart; that is said, and no more calls are taken."""
    phone = Phone(node.sip)
    async with Running(node) as running:
        # Entries, not cells: a tick that counts none of these before the call comes refuses it.
        monkeypatch.setattr(running.signalling._slab, "_free_entries", [])
        with capture_logs() as logs:
            await phone.call()
            phone.send(b"OPTIONS", 2)
            assert (await phone.answer()).status == 200
        assert "a live call is not kept for a restart" in [entry["event"] for entry in logs]
