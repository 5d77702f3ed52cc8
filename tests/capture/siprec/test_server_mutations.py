"""Whatever a recording client sends, the server answers it and lives; also after a restart."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings, strategies as st

from tests.capture.sdp.offers import HEAD, stream
from tests.capture.siprec.stage import (
    HELD,
    METADATA,
    MIXED,
    OFFER,
    PAIRS,
    REST_US,
    SDP,
    SIPREC,
    Stage,
    described,
    invite,
    request,
    said,
)
from tests.support.sip_dialog import dialogs_of

TELLING = st.sampled_from(
    [
        *(b"\r\n", b"\0", b"\xff", b"=", b":", b"<", b'"', b";", b" ", b"--cut", b"partial"),
        *(b"m=audio 6000 RTP/AVP 0\r\n", b"c=IN IP6 ::\r\n", b"a=label:", b"</recording>"),
        *(b"4294967296", b"-1"),
    ]
)
PIECES = st.one_of(TELLING, st.binary(max_size=4))


@st.composite
def mutated(draw: st.DrawFn, original: bytes) -> bytes:
    """`original` with a few places cut out, repeated or overwritten."""
    data = original
    for _ in range(draw(st.integers(0, 4))):
        at, until = sorted(draw(st.tuples(*[st.integers(0, len(data))] * 2)))
        piece = draw(st.one_of(PIECES, st.just(data[at:until] * 2)))
        data = data[:at] + piece + data[draw(st.sampled_from([at, until])) :]
    return data


THREE = OFFER + stream(label=b"98", port=6004)
BODIES = st.sampled_from([OFFER, HELD, THREE, HEAD]).flatmap(mutated)
MIXED_BODIES = st.one_of(
    st.builds(described, BODIES, mutated(METADATA)), mutated(described()), BODIES
)
KINDS = st.sampled_from([MIXED, SDP])
MESSAGES = st.sampled_from(
    [invite(), request(b"OPTIONS"), request(b"CANCEL"), request(b"ACK", body=OFFER)]
).flatmap(mutated)


@pytest.mark.parametrize("examples", [50, pytest.param(150, marks=pytest.mark.slow)])
def test_every_body_of_a_call_is_answered(examples: int) -> None:
    """No offer, answer or document may stop the process that all calls depend on."""

    @settings(max_examples=examples, deadline=None)
    @given(kinds=st.tuples(KINDS, KINDS, KINDS), bodies=st.tuples(*[MIXED_BODIES] * 4))
    def answered(kinds: tuple[tuple[bytes, bytes], ...], bodies: tuple[bytes, ...]) -> None:
        stage = Stage(reloaded=False).peer(request(b"INVITE", SIPREC, kinds[0], body=bodies[0]))
        assert any(said(each).endswith(" INVITE") for each in stage.outputs)
        if not stage.server.sessions.live:
            stage.peer(request(b"INVITE", SIPREC, cseq=2))
        stage.inside(b"ACK", stage.answers()[-1].cseq.number, kinds[1], body=bodies[1])
        stage.inside(b"INVITE", 3, kinds[2], body=bodies[2])
        assert any(said(each).endswith(" INVITE") for each in stage.outputs)
        stage.inside(b"ACK", 3, kinds[2], body=bodies[3]).inside(
            b"UPDATE", 4, MIXED, body=bodies[3]
        )
        assert any(said(each).endswith(" UPDATE") for each in stage.outputs)

        stage.probed().timed_out().closed().until(200.0)
        stage.ports.take(0, stage.now.us + REST_US, [0])
        assert (dialogs_of(stage.core), stage.ports.free()) == ([], PAIRS)

    answered()


@pytest.mark.parametrize("examples", [70, pytest.param(200, marks=pytest.mark.slow)])
def test_no_message_at_all_stops_the_server(examples: int) -> None:
    """Headers too: what is kept of them is sent again in our own requests and events."""

    @settings(max_examples=examples, deadline=None)
    @given(messages=st.lists(MESSAGES, min_size=1, max_size=4))
    def goes_on(messages: list[bytes]) -> None:
        stage = Stage()
        for message in messages:
            stage.peer(message)
        for session in stage.server.sessions:
            stage.server.probe(session.dialog, stage.now)
            stage.server.end(session.dialog, "media_timeout", stage.now, say_bye=True)
        stage.closed().until(200.0)

        assert dialogs_of(stage.core) == []
        assert len(stage.server.sessions) == 0

    goes_on()


Step = Callable[[Stage, int], Stage]
STEPS: dict[str, Step] = {
    "invite": lambda stage, cseq: stage.peer(
        request(b"INVITE", SIPREC, SDP, cseq=cseq, body=OFFER)
    ),
    "offerless": lambda stage, cseq: stage.peer(request(b"INVITE", SIPREC, cseq=cseq)),
    "ack": lambda stage, cseq: stage.inside(b"ACK", cseq - 1, SDP, body=OFFER),
    "hold": lambda stage, cseq: stage.inside(b"INVITE", cseq, SDP, body=HELD),
    "resume": lambda stage, cseq: stage.inside(b"INVITE", cseq, SDP, body=OFFER),
    "join": lambda stage, cseq: stage.inside(b"INVITE", cseq, SDP, body=THREE),
    "reoffer": lambda stage, cseq: stage.inside(b"INVITE", cseq),
    "update": lambda stage, cseq: stage.inside(b"UPDATE", cseq, MIXED, body=described()),
    "options": lambda stage, cseq: stage.inside(b"OPTIONS", cseq),
    "cancel": lambda stage, cseq: stage.peer(request(b"CANCEL", cseq=cseq - 1)),
    "bye": lambda stage, cseq: stage.inside(b"BYE", cseq),
    "probe": lambda stage, _: stage.probed(),
    "silence": lambda stage, _: stage.timed_out(),
    "wait": lambda stage, _: stage.until(stage.now_s + 33.0),
}


@pytest.mark.parametrize("examples", [20, pytest.param(60, marks=pytest.mark.slow)])
def test_a_server_that_is_replaced_at_every_step_says_the_same(examples: int) -> None:
    """Nothing that matters lies outside of the bytes that are kept."""

    @settings(max_examples=examples, deadline=None)
    @given(names=st.lists(st.sampled_from(sorted(STEPS)), max_size=12))
    def says_the_same(names: list[str]) -> None:
        stages = [Stage(reloaded=False), Stage(reloaded=True)]
        for stage in stages:
            stage.peer(request(b"INVITE", SIPREC, SDP, cseq=1, body=OFFER))
            for cseq, name in enumerate(names, 2):
                STEPS[name](stage, cseq)

        assert stages[0].log == stages[1].log
        sessions = [{each.key: each for each in stage.server.sessions} for stage in stages]
        assert sessions[0] == sessions[1]

    says_the_same()
