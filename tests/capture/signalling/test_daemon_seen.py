"""What others see of a running signalling, and tell it; its worker is played."""

import asyncio
from dataclasses import replace
from ipaddress import ip_network

import msgspec

from archive.call.events import CallRefused, SipMessage, decode_event
from archive.call.live import LiveCalls, Reloaded
from capture.inline.state.exchange import Switch
from capture.links.recorder_messages import Close, PauseBegan, PauseWanted, Record
from capture.peers.sources import Source
from tests.capture.siprec.stage import MIXED, SDP, SIPREC, described
from tests.support.live_signalling import STRANGER, Node, Phone, Running, until


async def test_live_calls_are_told_over_a_socket(node: Node) -> None:
    """While they are up, and with what is wrong; a question that is none gets no answer."""
    async with Running(node) as running:
        await Phone(node.sip).call()
        record = await running.worker.hear()
        assert isinstance(record, Record)
        found = msgspec.json.decode(await node.ask(b"{}\n"), type=LiveCalls)
        assert [each.recording for each in found.calls] == [record.recording.hex()]

        assert await node.ask(b"who is there?\n") == b""
        assert await node.ask(b"x" * 5_000) == b""


async def test_the_ladder_of_a_call_reaches_its_worker(node: Node) -> None:
    """INVITE and answer at once, the ACK with the next tick."""
    async with Running(node) as running:
        await Phone(node.sip).call()
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
        await phone.call()
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
        await phone.call()
        told = msgspec.json.decode(await node.ask(b'{"wish":"drain"}\n'), type=LiveCalls)
        assert (told.draining, told.full, told.total) == (True, "draining", 1)
    async with Running(node):
        other = Phone(node.sip)
        other.send(b"INVITE", 1, SIPREC, MIXED, body=described())
        refused = await other.answer()
        assert (refused.status, refused.value(b"retry-after")) == (503, b"10")

        await node.ask(b'{"wish":"take calls"}\n')
        await Phone(node.sip).call()


async def test_a_pause_outlives_signalling_and_its_moment_is_the_workers(node: Node) -> None:
    """Killed before it heard the moment: its successor asks again, and keeps what it is told."""
    async with Running(node) as running:
        await Phone(node.sip).call()
        (session,) = running.signalling._server.sessions
        own = session.recordings[0].recording
        wish = msgspec.json.encode({"recording": own.hex(), "wish": "pause", "by": "tanaka"})
        said = msgspec.json.decode(await node.ask(wish + b"\n"), type=LiveCalls)
        assert (said.refused, said.calls[0].paused, said.calls[0].paused_us) == ("", "asked", 0)
        again = msgspec.json.decode(await node.ask(wish + b"\n"), type=LiveCalls)
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
            told = msgspec.json.decode(await node.ask(b'{"wish":"reload"}\n'), type=LiveCalls)
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
        await phone.call()
