"""Signalling with a real holder and real sockets; its worker is played by the test."""

import socket
from dataclasses import replace

import msgspec
import pytest
from structlog.testing import capture_logs

from archive.call.events import CallEnded, SipMessage, decode_event
from capture.holder import state_record
from capture.holder.state_record import Kind, read_record
from capture.links.recorder_messages import Close, Closed, Everything, Message, PartBegins, Record
from capture.recording.session_timeouts import Timeouts
from tests.capture.siprec.stage import MIXED, SIPREC, described
from tests.support.live_signalling import LOOPBACK, Node, Phone, Running, until, wall_us

PAIRS = 8


def is_heard(running: Running, pair: int) -> bool:
    """Does a datagram that is sent to the RTP port of a pair arrive in its socket?"""
    descriptor = running.signalling._rtp.descriptors[pair]
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.sendto(b"x" * 12, (LOOPBACK, running.node.first_port + 2 * pair))
    ear = socket.socket(fileno=descriptor)
    try:
        return bool(ear.recv(64))
    except BlockingIOError:
        return False
    finally:
        ear.detach()


async def test_a_call_is_answered_and_its_worker_told(node: Node) -> None:
    """From the datagram to the socket that hears."""
    async with Running(node) as running:
        assert running.told == [Everything()]
        await (phone := Phone(node.sip)).call()
        record = await running.worker.hear()

        assert isinstance(record, Record)
        assert [each.pair for each in record.streams] == [0, 1]
        assert [is_heard(running, pair) for pair in range(3)] == [True, True, False]

        phone.send(b"BYE", 2)
        assert (await phone.answer()).status == 200
        told, _ = await heard_to_the_end(running)
        assert isinstance(decode_event(told[-1].events[-1].payload), CallEnded)
        assert not is_heard(running, 0)

        running.worker.say(Closed(recording=record.recording))
        await until(running.signalling._empty.is_set)
        values = running.signalling._slab.values()
        assert {read_record(value).kind for value in values} == {Kind.CALL}


async def test_signalling_that_is_replaced_goes_on_with_its_calls(node: Node) -> None:
    """The client's BYE is answered, the worker hears everything again, then the end."""
    phone = Phone(node.sip)
    async with Running(node) as running:
        await phone.call()
        record = await running.worker.hear()
        assert isinstance(record, Record)
        running.worker.say(PartBegins(recording=record.recording, part=4))
        await until(
            lambda: running.signalling._server.sessions.of_worker(0)[0].recordings[0].next_part
        )

    async with Running(node) as running:
        record = goes_on(running.told, record, next_part=5)
        phone.send(b"BYE", 2)
        assert (await phone.answer()).status == 200
        news, close = await heard_to_the_end(running)

    async with Running(node) as running:
        events = (*record.events, *(event for each in news for event in each.events))
        whole = msgspec.structs.replace(news[-1], events=events)
        assert running.told == [whole, Everything()]
        assert await running.worker.hear() == close


async def test_what_was_said_of_a_call_since_is_told_to_the_worker_of_a_successor(
    node: Node,
) -> None:
    """Twice a second messages go into their recording: how many of them a worker has been told
    when signalling is killed is a question of when.
    """
    async with Running(node) as running:
        await Phone(node.sip).call()
        record = await running.worker.hear()
        assert isinstance(record, Record)
        said = running.signalling._node.ladder._waiting
        await until(lambda: any(b"ACK" in each.data for own in said.values() for each in own))
        running.signalling._tick()

    async with Running(node) as running:
        whole = goes_on(running.told, record)
        assert len(whole.events) > len(record.events)


async def heard_to_the_end(running: Running) -> tuple[list[Record], Close]:
    """What the worker is told of its only recording until that is over, and that it is."""
    heard: list[Record] = []
    while isinstance(command := await running.worker.hear(), Record):
        heard.append(command)
    assert isinstance(command, Close)
    return heard, command


def goes_on(told: list[Message], record: Record, *, next_part: int = 0) -> Record:
    """The record as a worker hears it that comes back: with messages that were said since."""
    whole, everything = told
    assert isinstance(whole, Record)
    assert everything == Everything()
    since = whole.events[len(record.events) :]
    assert all(isinstance(decode_event(each.payload), SipMessage) for each in since)
    assert whole == Record(
        recording=record.recording,
        tenant=record.tenant,
        created_us=record.created_us,
        streams=record.streams,
        events=(*record.events, *since),
        next_part=next_part,
    )
    return whole


async def test_a_part_that_was_begun_unheard_is_known_to_signalling_s_successor(
    node: Node,
) -> None:
    """Worker and signalling are killed together: its number must not be used for other audio."""
    async with Running(node) as running:
        await Phone(node.sip).call()
        record = await running.worker.hear()
        assert isinstance(record, Record)
        node.board.begin_part([1], record.recording, 2)

    async with Running(node) as running:
        record = goes_on(running.told, record, next_part=3)

    node.board.begin_part([1], b"another call of " + bytes(16), 9)
    async with Running(node) as running:
        goes_on(running.told, record, next_part=3)


async def test_the_pairs_of_a_call_that_was_taken_over_go_to_nobody_else(node: Node) -> None:
    """Media has just arrived on them, as on those that rest; they stay with their call."""
    phone = Phone(node.sip)
    async with Running(node) as running:
        await phone.call()
        node.board.activity[:2] = node.wall_us()

    node.plan = replace(node.plan, rest_s=0.0)
    async with Running(node) as running:
        ports, later_us = running.signalling._node.capacity.ports, node.wall_us() + 3_600_000_000
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
        await old.call()
        record = await running.worker.hear()
        assert isinstance(record, Record)

    monkeypatch.setattr(state_record, "VERSION", state_record.VERSION + 1)
    with capture_logs() as logs:
        async with Running(node) as running:
            assert running.told == [Everything()]
            await new.call()
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
            versions = {state_record.VERSION}
            await until(lambda: {read_record(each).version for each in slab.values()} == versions)
            assert running.signalling._node.capacity.ports.take(1, wall_us(), [0]) is not None

    (said,) = (entry for entry in logs if "another version" in entry["event"])
    assert (said["calls"], said["versions"]) == (1, [state_record.VERSION - 1])


async def test_who_goes_back_to_the_version_before_finds_its_calls(
    node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An upgrade that was a mistake costs nothing but its time."""
    phone = Phone(node.sip)
    async with Running(node) as running:
        await phone.call()
        record = await running.worker.hear()
        assert isinstance(record, Record)
    with monkeypatch.context() as upgraded:
        upgraded.setattr(state_record, "VERSION", state_record.VERSION + 1)
        async with Running(node):
            pass

    async with Running(node) as running:
        goes_on(running.told, record)
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
        await Phone(node.sip).call()
        record = await running.worker.hear()

        assert isinstance(record, Record)
        assert [each.pair for each in record.streams] == [1, 2]
