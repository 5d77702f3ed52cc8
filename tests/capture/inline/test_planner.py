"""The plan of a call: notice, codecs, targets and mode, as route and targets say."""

import dataclasses

import pytest

from capture.inline.routing.modes import Mode
from capture.inline.routing.route import Target
from capture.inline.state.prompt_stock import PromptStock
from capture.links.relay_messages import Latch
from tests.capture.inline.phone import Phone
from tests.capture.inline.stage import ANSWER, FILES, NOTICE, PBX, ROUTE, TRUNK, Stage


def routed(**changes: object) -> Stage:
    """A node whose one route is changed."""
    return Stage(routes=(dataclasses.replace(ROUTE, **changes),))  # type: ignore[arg-type]


def test_a_notice_without_a_file_is_refused_where_the_route_blocks() -> None:
    """Before anybody is called: 480, and the ledger says why."""
    stage = routed(notice=("nowhere",), without_notice="block").calls()

    stage.then("a: 480 INVITE")
    assert stage.rows() == [(480, "the notice cannot be played")]


@pytest.mark.parametrize("policy", ["connect-unrecorded", "connect-and-flag"])
def test_a_notice_without_a_file_calls_all_the_same_where_the_route_connects(policy: str) -> None:
    """Every codec crosses then, since nothing is to be played."""
    stage = routed(notice=("nowhere",), without_notice=policy).calls()

    stage.then("b: INVITE")
    assert b"RTP/AVP 0 8 101" in stage.request_to_b().body


def test_codecs_are_those_in_which_every_prompt_is_there() -> None:
    """Two prompts, one of which is there in PCMU alone."""
    stage = Stage(routes=(dataclasses.replace(ROUTE, notice=("notice", "closing")),))
    stage.calls()

    assert b"RTP/AVP 0 101" in stage.request_to_b().body
    assert ("closing", "PCMA") not in FILES


def test_a_prompt_is_taken_in_the_language_of_the_route() -> None:
    """Where it is there in several."""
    stage = routed(language="ja")
    stage.exchange.switch = stage.switch = dataclasses.replace(
        stage.switch,
        stock=PromptStock(
            {**FILES, ("notice/ja", "PCMU"): "ja.pcmu"}, {"notice": NOTICE, "notice/ja": NOTICE}
        ),
    )
    stage.answered()

    playing = stage.relay_call().ends[0].playing
    assert playing is not None
    assert playing.prompt == "ja.pcmu"


def test_how_media_is_spoken_is_the_peers_own_setting() -> None:
    """Latch and address of each side."""
    source = dataclasses.replace(TRUNK, latch=Latch.NAT, rtp_advertise="198.51.100.1")
    target = dataclasses.replace(PBX, latch=Latch.ANY, rtp_advertise="198.51.100.2")
    stage = Stage(source=source, targets=(target,)).answered()
    caller, callee = stage.relay_call().ends

    assert (caller.latch, callee.latch) == (Latch.NAT, Latch.ANY)
    assert b"c=IN IP4 198.51.100.2" in stage.request_to_b().body
    assert b"c=IN IP4 198.51.100.1" in stage.answer_to_a().body


@pytest.mark.parametrize(
    ("route", "target", "recorded"),
    [
        (Mode.YES, Mode.DONT_CARE, True),
        (Mode.YES, Mode.NO, False),
        (Mode.FORCE, Mode.NO, True),
        (Mode.FORCE, Mode.NEVER, False),
        (Mode.DONT_CARE, Mode.DONT_CARE, False),
    ],
)
def test_route_and_target_agree_on_whether_it_is_recorded(
    route: Mode, target: Mode, recorded: bool
) -> None:
    """docs/inline.md section Recording modes; what is not recorded has a row that says so."""
    stage = Stage(
        routes=(dataclasses.replace(ROUTE, record=route),),
        targets=(dataclasses.replace(PBX, record=target),),
    ).talking()

    assert bool(stage.records()) is recorded
    assert stage.relay_call().is_landed is recorded
    stage.a_inside(b"BYE", 2)
    assert stage.rows() == ([] if recorded else [(200, "not recorded")])


def test_targets_are_tried_in_the_order_of_the_route() -> None:
    """The second where the first is silent or broken."""
    second = Target(name="other", uri="sip:192.0.2.31")
    stage = Stage(routes=(dataclasses.replace(ROUTE, to=("pbx", "other")),), targets=(PBX, second))

    stage.calls().b(503).then("b: ACK", "b: INVITE")
    assert stage.request_to_b().uri == b"sip:0355501234@192.0.2.31"


def test_the_mode_is_that_of_the_target_that_is_called() -> None:
    """Not of the first one of the route, where that does not answer."""
    second = Target(name="other", uri="sip:192.0.2.31", record=Mode.NEVER)
    stage = Stage(routes=(dataclasses.replace(ROUTE, to=("pbx", "other")),), targets=(PBX, second))
    stage.exchange.notes.down = frozenset({"pbx"})
    (bridged,) = stage.calls().inline.calls

    assert (bridged.call.plan.mode, bridged.call.plan.records) == (Mode.NEVER, False)


@pytest.mark.parametrize("mode", [Mode.NO, Mode.NEVER])
def test_a_target_that_is_tried_later_may_forbid_recording(mode: Mode) -> None:
    """Nothing is kept then, and nobody is told otherwise."""
    second = Target(name="other", uri="sip:192.0.2.28", record=mode)
    stage = Stage(routes=(dataclasses.replace(ROUTE, to=("pbx", "other")),), targets=(PBX, second))
    stage.calls().b(503)
    Phone(stage, "c").answers(200, body=ANSWER)
    stage.a_inside(b"ACK", 1)

    call = stage.relay_call()
    assert [end.playing for end in call.ends] == [None, None]
    assert (call.is_joined, call.is_landed) == (True, False)
    assert stage.records() == []
    stage.a_inside(b"BYE", 2)
    assert stage.rows() == [(200, "the target is not recorded")]
