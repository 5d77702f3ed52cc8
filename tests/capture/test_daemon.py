"""Signalling with a real holder and real sockets; its worker is played by the test."""

import asyncio
import gc
import logging
import socket
from dataclasses import replace
from ipaddress import ip_network

import msgspec
import pytest
from structlog.testing import capture_logs

from archive.events import CallEnded, CallRefused, SipMessage, decode_event
from archive.live import LiveCalls, Reloaded
from capture import daemon, kept
from capture.admission import Limits
from capture.daemon import Signalling
from capture.ears import Ears
from capture.inline.exchange import Switch
from capture.inline.routing.route import Target
from capture.kept import Kind, take_apart
from capture.media.board import WorkerState
from capture.recorder import (
    Close,
    Closed,
    Everything,
    PartBegins,
    PauseBegan,
    PauseWanted,
    Record,
)
from capture.sip.message import Request, Response
from capture.sip.parsing import split_message
from capture.siprec.outputs import Now
from capture.siprec.watch import Timeouts
from capture.sources import Source
from tests.capture.signalling import (
    LOOPBACK,
    PATIENCE_S,
    STRANGER,
    Node,
    Phone,
    PlayedWorker,
    Running,
    nowhere,
    until,
    wall_us,
)
from tests.capture.sip.scenes import peer_response
from tests.capture.siprec.stage import MIXED, SDP, SIPREC, described

PAIRS = 8
UP = {"pbx": True}


async def call(phone: Phone) -> None:
    """The phone's call is up."""
    phone.send(b"INVITE", 1, SIPREC, MIXED, body=described())
    assert (await phone.answer()).status == 200
    phone.send(b"ACK", 1)


def is_heard(running: Running, pair: int) -> bool:
    """Does a datagram that is sent to the RTP port of a pair arrive in its socket?"""
    descriptor = running.signalling._ears.descriptors[pair]
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.sendto(b"x" * 12, (LOOPBACK, running.node.first_port + 2 * pair))
    ear = socket.socket(fileno=descriptor)
    try:
        return bool(ear.recv(64))
    except BlockingIOError:
        return False
    finally:
        ear.detach()


# -- a call ------------------------------------------------------------------------------------


async def test_a_call_is_answered_and_its_worker_told(node: Node) -> None:
    """From the datagram to the socket that hears."""
    async with Running(node) as running:
        assert running.told == [Everything()]
        await call(phone := Phone(node.sip))
        record = await running.worker.hear()

        assert isinstance(record, Record)
        assert [each.pair for each in record.streams] == [0, 1]
        assert [is_heard(running, pair) for pair in range(3)] == [True, True, False]

        phone.send(b"BYE", 2)
        assert (await phone.answer()).status == 200
        ended, close = await running.worker.hear(), await running.worker.hear()
        assert isinstance(ended, Record)
        assert isinstance(decode_event(ended.events[-1].payload), CallEnded)
        assert isinstance(close, Close)
        assert not is_heard(running, 0)

        running.worker.say(Closed(recording=record.recording))
        await until(running.signalling._empty.is_set)
        values = running.signalling._slab.values()
        assert {take_apart(value).kind for value in values} == {Kind.CALL}


async def test_signalling_that_is_replaced_goes_on_with_its_calls(node: Node) -> None:
    """The client's BYE is answered, the worker hears everything again, then the end."""
    phone = Phone(node.sip)
    async with Running(node) as running:
        await call(phone)
        record = await running.worker.hear()
        assert isinstance(record, Record)
        running.worker.say(PartBegins(recording=record.recording, part=4))
        await until(
            lambda: running.signalling._server.sessions.of_worker(0)[0].recordings[0].next_part
        )

    async with Running(node) as running:
        assert running.told == [replaced_with(record, 5), Everything()]
        phone.send(b"BYE", 2)
        assert (await phone.answer()).status == 200
        ended, close = await running.worker.hear(), await running.worker.hear()
        assert isinstance(ended, Record)
        assert isinstance(close, Close)

    async with Running(node) as running:
        whole = msgspec.structs.replace(ended, events=(*record.events, *ended.events))
        assert running.told == [whole, Everything()]
        assert await running.worker.hear() == close


def replaced_with(record: Record, next_part: int) -> Record:
    """The record as a worker hears it that comes back."""
    return Record(
        recording=record.recording,
        tenant=record.tenant,
        created_us=record.created_us,
        streams=record.streams,
        events=record.events,
        next_part=next_part,
    )


async def test_a_part_that_was_begun_unheard_is_known_to_signalling_s_successor(
    node: Node,
) -> None:
    """Worker and signalling are killed together: its number must not be used for other audio."""
    async with Running(node) as running:
        await call(Phone(node.sip))
        record = await running.worker.hear()
        assert isinstance(record, Record)
        node.board.begin_part([1], record.recording, 2)

    async with Running(node) as running:
        assert running.told == [replaced_with(record, 3), Everything()]

    node.board.begin_part([1], b"another call of " + bytes(16), 9)
    async with Running(node) as running:
        assert running.told == [replaced_with(record, 3), Everything()]


async def test_the_pairs_of_a_call_that_was_taken_over_go_to_nobody_else(node: Node) -> None:
    """Media has just arrived on them, as on those that rest; they stay with their call."""
    phone = Phone(node.sip)
    async with Running(node) as running:
        await call(phone)
        node.board.activity[:2] = node.wall_us()

    node.plan = replace(node.plan, rest_s=0.0)
    async with Running(node) as running:
        ports, later_us = running.signalling._premises.ports, node.wall_us() + 3_600_000_000
        grant = ports.take(PAIRS - 2, later_us, [0])

        assert grant is not None
        assert {0, 1}.isdisjoint(grant.pairs)
        assert ports.take(1, later_us, [0]) is None


async def test_calls_of_another_version_are_recorded_on_until_they_are_silent(
    node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An upgrade that cannot read them answers new calls, gives nobody their ports, ends them."""
    node.plan = replace(
        node.plan, rest_s=0.0, timeouts=Timeouts(media_s=1, hold_s=9, longest_s=99_999)
    )
    old, new = Phone(node.sip), Phone(node.sip)
    async with Running(node) as running:
        await call(old)
        record = await running.worker.hear()
        assert isinstance(record, Record)

    monkeypatch.setattr(kept, "VERSION", kept.VERSION + 1)
    with capture_logs() as logs:
        async with Running(node) as running:
            assert running.told == [Everything()]
            await call(new)
            other = await running.worker.hear()
            assert isinstance(other, Record)
            assert {each.pair for each in other.streams} == {2, 3}
            old.send(b"BYE", 2)
            assert (await old.answer()).status == 481
            while not isinstance(close := await running.worker.hear(), Close):
                pass
            assert (close.recording, close.reason) == (record.recording, "media_timeout")
            assert not is_heard(running, 0)
            running.worker.say(Closed(recording=record.recording))
            slab = running.signalling._slab
            versions = {kept.VERSION}
            await until(lambda: {take_apart(each).version for each in slab.values()} == versions)
            assert running.signalling._premises.ports.take(1, wall_us(), [0]) is not None

    (said,) = (entry for entry in logs if "another version" in entry["event"])
    assert (said["calls"], said["versions"]) == (1, [kept.VERSION - 1])


async def test_who_goes_back_to_the_version_before_finds_its_calls(
    node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An upgrade that was a mistake costs nothing but its time."""
    phone = Phone(node.sip)
    async with Running(node) as running:
        await call(phone)
        record = await running.worker.hear()
    with monkeypatch.context() as upgraded:
        upgraded.setattr(kept, "VERSION", kept.VERSION + 1)
        async with Running(node):
            pass

    async with Running(node) as running:
        assert running.told == [record, Everything()]
        phone.send(b"BYE", 2)
        assert (await phone.answer()).status == 200


async def test_a_call_whose_answer_was_kept_and_not_sent_is_heard(
    node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed between the two; its client hears the answer by the timer, and its media arrives."""
    phone = Phone(node.sip)
    async with Running(node) as running:
        with monkeypatch.context() as killed:
            killed.setattr(running.signalling, "_do", lambda _: running.signalling._state.persist())
            phone.send(b"INVITE", 1, SIPREC, MIXED, body=described())
            await until(lambda: len(running.signalling._server.sessions))
        # Not 0 and 1 where a stranger's datagram has just come there: such a pair rests.
        (session,) = running.signalling._server.sessions
        first, second = session.pairs
        assert not is_heard(running, first)

    async with Running(node) as running:
        assert (await phone.answer()).status == 200
        heard = [pair for pair in range(second + 2) if is_heard(running, pair)]
        assert heard == [first, second]


async def test_a_pair_on_which_something_arrived_lately_rests_after_a_restart(node: Node) -> None:
    """A predecessor's call may have had it a moment ago."""
    node.board.activity[0] = node.wall_us()
    async with Running(node) as running:
        await call(Phone(node.sip))
        record = await running.worker.hear()

        assert isinstance(record, Record)
        assert [each.pair for each in record.streams] == [1, 2]


# -- who is not served -------------------------------------------------------------------------


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
        await call(phone)
        await until(lambda: running.signalling._outlook._stranger_file.written == 1)

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
    monkeypatch.setattr(Ears, "unbound", lambda ears: [*range(len(ears))])
    with capture_logs() as logs:
        async with Running(node):
            told = msgspec.json.decode(await ask(node, b"{}\n"), type=LiveCalls)
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
    signalling = running.signalling = Signalling(node.plan, node.handover, wall_us, nowhere)
    await until(lambda: signalling._porch._waiting)
    await running.begin()

    assert (await phone.answer()).status == 200
    assert [*signalling._premises.ledger.counts] == []
    await running.__aexit__()


async def test_a_node_whose_workers_do_not_come_says_that(
    node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not that its ports are taken."""
    monkeypatch.setattr(daemon, "WORKERS_S", 0.01)
    node.board.show(0, WorkerState(0, 0, 0, failing=False))
    phone, running = Phone(node.sip), Running(node)
    phone.send(b"INVITE", 1, SIPREC, MIXED, body=described())
    signalling = running.signalling = Signalling(node.plan, node.handover, wall_us, nowhere)
    refused: list[CallRefused] = []
    monkeypatch.setattr(signalling._premises.ledger, "note", lambda _, row: refused.append(row))
    await until(lambda: signalling._porch._waiting)
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
        await call(Phone(node.sip))
        (session,) = running.signalling._server.sessions
        await until(lambda: not any(each is session for each in gc.get_objects()))

        assert gc.get_freeze_count() > 0


# -- how a call ends ---------------------------------------------------------------------------


async def test_a_silent_call_is_hung_up(node: Node) -> None:
    """By the watch, twice a second; the client hears it, the worker closes."""
    node.plan = replace(node.plan, timeouts=Timeouts(media_s=1, hold_s=9, longest_s=9))
    phone = Phone(node.sip)
    async with Running(node) as running:
        await call(phone)
        asked = []
        while b"BYE" not in asked:
            asked.append((await phone.hear()).cseq.method)
        while not isinstance(told := await running.worker.hear(), Close):
            pass

    assert asked[0] == b"OPTIONS"
    assert told.reason == "media_timeout"


async def test_a_clock_that_is_set_ends_no_call(node: Node) -> None:
    """Every call would look silent for as long as the clock was set forward."""
    ahead_us = 0
    node.wall_us = lambda: wall_us() + ahead_us
    phone = Phone(node.sip)
    async with Running(node) as running:
        await call(phone)
        sessions = running.signalling._server.sessions
        ahead_us = 3_600_000_000
        await until(lambda: any(each.resumed_us for each in sessions))
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
        await call(phone)
        record = await running.worker.hear()
        assert isinstance(record, Record)
        if not is_held:  # as the kernel does for a process that has ended
            node.handover._socket.shutdown(socket.SHUT_RDWR)
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
            neighbours = running.signalling._doors.neighbours
            await until(lambda known=neighbours: known.registered(Now(0, 0)) == UP)  # type: ignore[misc]  # bound now
            if is_stopped:
                running.stop.set()
                await asyncio.wait_for(running.task, PATIENCE_S)
        assert (asked[-1] == b"0") is is_stopped
    asyncio.get_running_loop().remove_reader(registrar.sock)


# -- what is said in the log -------------------------------------------------------------------


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
            await call(phone)
            phone.send(b"OPTIONS", 2)
            assert (await phone.answer()).status == 200
        assert "a live call is not kept for a restart" in [entry["event"] for entry in logs]


# -- what others see ------------------------------------------------------------------------------


async def ask(node: Node, question: bytes) -> bytes:
    reader, writer = await asyncio.open_unix_connection(node.plan.status)
    writer.write(question)
    answer = await reader.read()
    writer.close()
    return answer


async def test_live_calls_are_told_over_a_socket(node: Node) -> None:
    """While they are up, and with what is wrong; a question that is none gets no answer."""
    async with Running(node) as running:
        await call(Phone(node.sip))
        record = await running.worker.hear()
        assert isinstance(record, Record)
        found = msgspec.json.decode(await ask(node, b"{}\n"), type=LiveCalls)
        assert [each.recording for each in found.calls] == [record.recording.hex()]

        assert await ask(node, b"who is there?\n") == b""
        assert await ask(node, b"x" * 5_000) == b""


async def test_the_ladder_of_a_call_reaches_its_worker(node: Node) -> None:
    """INVITE and answer at once, the ACK with the next tick."""
    async with Running(node) as running:
        await call(Phone(node.sip))
        said: list[bytes] = []
        while len(said) < 3:
            record = await running.worker.hear()
            assert isinstance(record, Record)
            events = [decode_event(event.payload) for event in record.events]
            said += [e.data.split(b" ")[0] for e in events if isinstance(e, SipMessage)]

    assert said == [b"INVITE", b"SIP/2.0", b"ACK"]


async def test_a_refused_call_becomes_a_page_of_the_ledger(node: Node) -> None:
    """A recording without streams, and its end."""
    async with Running(node) as running:
        phone = Phone(node.sip)
        phone.send(b"INVITE", 1, SDP, body=b"v=0\r\n")
        assert (await phone.answer()).status >= 400
        record, close = await running.worker.hear(), await running.worker.hear()

    assert isinstance(record, Record)
    assert isinstance(close, Close)
    assert record.streams == ()
    assert isinstance(decode_event(record.events[0].payload), CallRefused)


async def test_sources_are_read_again_while_calls_are_up(node: Node) -> None:
    """Who is no source any more sends no new call; the one that is up ends as it began."""
    async with Running(node) as running:
        phone = Phone(node.sip)
        await call(phone)
        networks = (ip_network(STRANGER),)
        running.signalling.reconfigure(
            (Source(name="elsewhere", tenant=b"t" * 16, networks=networks),), Switch(), None
        )
        other = Phone(node.sip)
        other.send(b"INVITE", 1, SIPREC, MIXED, body=described())
        assert (await other.answer()).status == 403
        phone.send(b"BYE", 2)
        assert (await phone.answer()).status == 200


async def test_each_source_is_told_the_address_at_which_it_reaches_us(node: Node) -> None:
    """One behind NAT, one on another network card."""
    (source,) = node.plan.sources
    told = replace(source, sip_advertise="192.0.2.20", rtp_advertise="2001:db8::20")
    node.plan = replace(node.plan, sources=(told,))
    async with Running(node):
        phone = Phone(node.sip)
        phone.send(b"INVITE", 1, SIPREC, MIXED, body=described())
        answer = await phone.answer()

    assert answer.contact is not None
    assert b"192.0.2.20" in answer.contact.uri
    assert b"c=IN IP6 2001:db8::20\r\n" in answer.body


async def test_a_node_that_drains_sends_new_calls_elsewhere_also_after_a_kill(node: Node) -> None:
    """The call that is up goes on; what an operator said outlives who was told."""
    async with Running(node):
        phone = Phone(node.sip)
        await call(phone)
        told = msgspec.json.decode(await ask(node, b'{"wish":"drain"}\n'), type=LiveCalls)
        assert (told.draining, told.full, told.total) == (True, "draining", 1)
    async with Running(node):
        other = Phone(node.sip)
        other.send(b"INVITE", 1, SIPREC, MIXED, body=described())
        refused = await other.answer()
        assert (refused.status, refused.value(b"retry-after")) == (503, b"10")

        await ask(node, b'{"wish":"take calls"}\n')
        await call(Phone(node.sip))


async def test_a_pause_outlives_signalling_and_its_moment_is_the_workers(node: Node) -> None:
    """Killed before it heard the moment: its successor asks again, and keeps what it is told."""
    async with Running(node) as running:
        await call(Phone(node.sip))
        (session,) = running.signalling._server.sessions
        own = session.recordings[0].recording
        wish = msgspec.json.encode({"recording": own.hex(), "wish": "pause", "by": "tanaka"})
        said = msgspec.json.decode(await ask(node, wish + b"\n"), type=LiveCalls)
        assert (said.refused, said.calls[0].is_paused, said.calls[0].paused_us) == ("", True, 0)
        again = msgspec.json.decode(await ask(node, wish + b"\n"), type=LiveCalls)
        assert again.refused == "already_paused"
    async with Running(node) as running:
        (record,) = [each for each in running.told if isinstance(each, Record)]
        assert record.pauses == (PauseWanted(serial=0),)
        running.worker.say(PauseBegan(recording=own, serial=0, at_us=7))
        sessions = running.signalling._server.sessions
        await until(lambda: next(iter(sessions)).recordings[0].pauses[0].began_us == 7)


async def test_a_reload_is_answered_with_why_it_was_not_done(node: Node) -> None:
    """Whoever typed it is told at once, not the log alone."""
    async with Running(node) as running:
        for reason in ("no such file", ""):
            running.signalling.reloads_by(lambda reason=reason: Reloaded(refused=reason))
            told = msgspec.json.decode(await ask(node, b'{"wish":"reload"}\n'), type=LiveCalls)
            assert told.reloaded.refused == reason


async def test_a_stun_keep_alive_is_answered_between_the_messages(node: Node) -> None:
    """RFC 5626 §8: on the same port; it is no message, and stands in no ladder."""
    async with Running(node):
        phone = Phone(node.sip)
        phone.sock.sendto(
            bytes.fromhex("00010000 2112a442") + bytes(12), (node.sip.host, node.sip.port)
        )
        answer, _ = await asyncio.get_running_loop().sock_recvfrom(phone.sock, 2_048)
        assert answer[:2] == b"\1\1"
        await call(phone)
