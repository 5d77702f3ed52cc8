"""Whom signalling does not serve, and what it says; real sockets, its worker is played."""

import asyncio
import gc
from dataclasses import replace
from ipaddress import ip_network

import msgspec
import pytest
from structlog.testing import capture_logs

from archive.call.events import CallRefused
from archive.call.live import LiveCalls
from capture.admission.capacity import Limits
from capture.endpoints.rtp_sockets import RtpSockets
from capture.holder.worker_board import WorkerState
from capture.peers.sources import Source
from capture.signalling import daemon
from capture.signalling.daemon import Signalling
from tests.capture.siprec.stage import MIXED, SIPREC, described
from tests.support.live_signalling import (
    STRANGER,
    Node,
    Phone,
    PlayedWorker,
    Running,
    nowhere,
    until,
    wall_us,
)


async def test_a_stranger_gets_no_byte_and_is_counted(node: Node) -> None:
    """`rokuon source unknown` shows him; who knocks on a port learns nothing."""
    node.plan = replace(
        node.plan,
        sources=(Source(name="pbx", tenant=b"t" * 16, networks=(ip_network("127.0.0.1"),)),),
    )
    stranger, phone = Phone(node.sip, STRANGER), Phone(node.sip)
    async with Running(node) as running:
        for _ in range(3):
            stranger.send(b"INVITE", 1, SIPREC, MIXED, body=described())
        stranger.send(b"OPTIONS", 2)
        await phone.call()
        await until(lambda: running.signalling._publisher._unknown_file.written == 1)

    (row,) = node.strangers()
    assert (row["address"], row["count"]) == (STRANGER, 1)
    with pytest.raises(BlockingIOError):
        stranger.sock.recv(1)


@pytest.mark.parametrize(
    ("limits", "busy_permille"),
    [
        (Limits(max_calls=0, min_free_bytes=0, min_free_inodes=0), 0),
        (Limits(max_calls=9, min_free_bytes=1 << 62, min_free_inodes=0), 0),
        (Limits(max_calls=9, min_free_bytes=0, min_free_inodes=1 << 62), 0),
        (Limits(max_calls=9, min_free_bytes=0, min_free_inodes=0), 950),
    ],
    ids=["calls", "spool bytes", "spool inodes", "CPU"],
)
async def test_a_full_node_says_so(node: Node, limits: Limits, busy_permille: int) -> None:
    """As it is measured twice a second, from before the first call on."""
    node.plan = replace(node.plan, limits=limits)
    node.beat(busy_permille=busy_permille)
    async with Running(node):
        phone = Phone(node.sip)
        phone.send(b"INVITE", 1, SIPREC, MIXED, body=described())
        answer = await phone.answer()

        assert (answer.status, answer.value(b"retry-after")) == (503, b"10")


async def test_a_node_whose_ports_are_all_taken_says_so_before_a_call_comes(
    node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another program had them: every call was refused, and nobody was told before it came."""
    monkeypatch.setattr(RtpSockets, "unbound", lambda sockets: [*range(len(sockets))])
    with capture_logs() as logs:
        async with Running(node):
            told = msgspec.json.decode(await node.ask(b"{}\n"), type=LiveCalls)
            phone = Phone(node.sip)
            phone.send(b"INVITE", 1, SIPREC, MIXED, body=described())
            answer = await phone.answer()

    assert (told.full, answer.status) == ("ports", 503)
    said = [each["reason"] for each in logs if each["event"] == "new calls are refused"]
    assert said[:1] == ["ports"]


async def test_a_call_that_comes_while_the_node_starts_waits_for_its_worker(node: Node) -> None:
    """It was refused as if all ports were taken, in the first second of each start."""
    phone, running = Phone(node.sip), Running(node)
    phone.send(b"INVITE", 1, SIPREC, MIXED, body=described())
    signalling = running.signalling = Signalling(node.plan, node.holder, wall_us, nowhere)
    await until(lambda: signalling._startup_queue._waiting)
    await running.begin()

    assert (await phone.answer()).status == 200
    assert [*signalling._node.ledger.counts] == []
    await running.__aexit__()


async def test_a_node_whose_workers_do_not_come_says_that(
    node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not that its ports are taken."""
    monkeypatch.setattr(daemon, "WORKERS_S", 0.01)
    node.board.show(0, WorkerState(0, 0, 0, failing=False))
    phone, running = Phone(node.sip), Running(node)
    phone.send(b"INVITE", 1, SIPREC, MIXED, body=described())
    signalling = running.signalling = Signalling(node.plan, node.holder, wall_us, nowhere)
    refused: list[CallRefused] = []
    monkeypatch.setattr(signalling._node.ledger, "note", lambda _, row: refused.append(row))
    await until(lambda: signalling._startup_queue._waiting)
    running.task = asyncio.ensure_future(signalling.run(running.stop, running.ready.set))

    assert (await phone.answer()).status == 503
    assert [row.detail for row in refused] == ["workers"]
    running.worker = await PlayedWorker.on(node.plan.link)
    await running.__aexit__()


async def test_the_call_after_the_last_that_fits_is_refused_at_once(
    node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Hundreds may come before what is free is measured again."""
    monkeypatch.setattr(daemon, "TICK_S", 3_600.0)
    node.plan = replace(node.plan, limits=replace(node.plan.limits, max_calls=2))
    phones = [Phone(node.sip) for _ in range(3)]
    async with Running(node):
        for phone in phones:
            phone.send(b"INVITE", 1, SIPREC, MIXED, body=described())

        assert [(await phone.answer()).status for phone in phones] == [200, 200, 503]


async def test_live_calls_are_set_aside_from_the_collector(node: Node) -> None:
    """Visiting thousands of them would keep everybody waiting for their answer."""
    async with Running(node) as running:
        await Phone(node.sip).call()
        (session,) = running.signalling._server.sessions
        await until(lambda: not any(each is session for each in gc.get_objects()))

        assert gc.get_freeze_count() > 0
