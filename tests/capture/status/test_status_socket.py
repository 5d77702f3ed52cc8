"""Questions about live calls."""

import asyncio
from pathlib import Path

import msgspec
import pytest

from archive.call.events import RouteTaken
from archive.call.live import LiveCall, LiveCalls, Question, Trouble
from archive.call.marks import CallMarks
from capture.inline.view import InlineView
from capture.recording.pause import Pause
from capture.status.status_socket import StatusSocket, live_calls
from tests.capture.siprec.calls import up

CALLS = LiveCalls(total=0, calls=())


async def ask(path: Path, question: bytes) -> bytes:
    reader, writer = await asyncio.open_unix_connection(path)
    writer.write(question)
    answer = await reader.read()
    writer.close()
    return answer


async def test_a_question_is_a_line_and_so_is_its_answer(tmp_path: Path) -> None:
    """What is no question gets none."""
    asked: list[Question] = []

    def answer(question: Question) -> LiveCalls:
        asked.append(question)
        return CALLS

    socket = StatusSocket(tmp_path / "status.sock", answer)
    await socket.open()
    said = await ask(tmp_path / "status.sock", b'{"recording":"ab"}\n')
    assert msgspec.json.decode(said, type=LiveCalls) == CALLS
    for wrong in (b"\n", b"what?\n", b"[]\n", b"x" * 10_000):
        assert await ask(tmp_path / "status.sock", wrong) == b""
    assert (tmp_path / "status.sock").stat().st_mode & 0o777 == 0o660
    socket.close()

    assert asked == [Question("ab")]


def test_calls_are_told_in_the_order_of_their_begin() -> None:
    """With caller, hold and troubles; one whose recording waits for a call is none."""
    late = msgspec.structs.replace(up().session.recordings[0], created_us=9, recording=b"l" * 16)
    session = up().session
    waits = msgspec.structs.replace(late, waits=True, recording=b"w" * 16)
    session = session.with_recording(late).with_recording(waits)
    found = live_calls([session], lambda _: frozenset({Trouble.MIXED}), Question())

    assert [call.started_us for call in found.calls] == [1, 9]
    assert found.calls[0] == LiveCall(
        recording=b"recording-000001".hex(), source="pbx", started_us=1, caller="", called="",
        streams=2, on_hold=False, troubles=(Trouble.MIXED,), mode="siprec",
        tenant=(b"t" * 16).hex(), ids=("c",),
    )  # fmt: skip


@pytest.mark.parametrize("held", [(True, True), (True, False), (False, False)])
def test_a_call_is_on_hold_while_one_party_holds_the_other(held: tuple[bool, bool]) -> None:
    """Who holds may play music and does not speak either."""
    session = up().session
    streams = tuple(
        msgspec.structs.replace(stream, is_relayed=True, is_held=is_held)
        for stream, is_held in zip(session.streams, held, strict=True)
    )
    session = msgspec.structs.replace(session, streams=streams)
    (call,) = live_calls([session], lambda _: frozenset(), Question()).calls

    assert call.on_hold is any(held)


def test_a_paused_call_says_so_and_since_when() -> None:
    """0 until the worker has told; an inline call names its phase, a tenant sees his own."""
    session = up().session
    asked = Pause(serial=0, by="tanaka", reason="card", asked_us=5)
    refused = msgspec.structs.replace(asked.begun(9), is_final=True)
    for pause, said, since_us in (
        (asked, "asked", 0),
        (asked.begun(7), "asked", 7),
        (refused, "refused", 9),
    ):
        own = session.with_recording(session.recordings[0].with_pause(pause))
        (call,) = live_calls(
            [own], lambda _: frozenset(), Question(), InlineView(phase=lambda _: "notice")
        ).calls
        assert (call.paused, call.paused_us, call.phase) == (said, since_us, "notice")
    other = Question(tenant="cd" * 16)
    assert live_calls([session], lambda _: frozenset(), other).calls == ()


@pytest.mark.parametrize("is_recorded", [True, False])
def test_a_live_call_says_what_source_and_route_say_of_it(is_recorded: bool) -> None:
    """Whose calls somebody may see is decided by that, while they are up too."""
    session = up().session
    source = CallMarks(queue="trunk", purposes=("quality",), tags=("all",))
    session = msgspec.structs.replace(
        session, call=msgspec.structs.replace(session.call, marks=source)
    )
    if not is_recorded:
        session = msgspec.structs.replace(session, recordings=())
    route = InlineView(
        is_startable=lambda _: not is_recorded,
        route=lambda _: RouteTaken(
            at_us=1, route="main", target="pbx", mode="yes",
            queue="support", controller="A K.K.", tags=("vip",),
        ),
    )  # fmt: skip
    (call,) = live_calls([session], lambda _: frozenset(), Question(), route).calls

    assert (call.is_recorded, call.route) == (is_recorded, "main")
    assert call.marks == CallMarks(
        queue="support", purposes=("quality",), controller="A K.K.", tags=("all", "vip")
    )
