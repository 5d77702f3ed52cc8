"""Which calls are taken, by which plan, at which seats."""

import dataclasses

import pytest

from capture.admission import Full
from capture.inline.modes import Mode
from capture.inline.route import Target
from capture.inline.taking import PAIRS
from capture.relaying import Latch
from tests.capture.inline.stage import ANSWER, FILES, OFFER, PBX, ROUTE, TRUNK, Stage, from_caller
from tests.capture.inline.stage import PAIRS as NODE_PAIRS


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
    stage = Stage(routes=(dataclasses.replace(ROUTE, notice=("notice", "ringback-japan")),))
    stage.calls()

    assert b"RTP/AVP 0 101" in stage.request_to_b().body
    assert ("ringback-japan", "PCMA") not in FILES


def test_a_prompt_is_taken_in_the_language_of_the_route() -> None:
    """Where it is there in several."""
    stage = routed(language="ja")
    stage.exchange.switch = stage.switch = dataclasses.replace(
        stage.switch,
        wordings={**stage.switch.wordings, "notice/ja": stage.switch.wordings["notice"]},
        stock=type(stage.switch.stock)({**FILES, ("notice/ja", "PCMU"): "ja.pcmu"}),
    )
    stage.answered()

    playing = stage.relay_call().ends[0].playing
    assert playing is not None
    assert playing.prompt == "ja.pcmu"


def test_the_seats_are_two_pairs_of_one_worker() -> None:
    """They share a file, and so a worker."""
    stage = Stage().calls()
    (line,) = stage.inline.lines
    pairs = (line.call.caller.pair, line.call.callee.pair)

    assert len(set(pairs)) == PAIRS
    assert len({pair % 2 for pair in pairs}) == 1


def test_the_last_pairs_are_kept_for_calls_for_help() -> None:
    """Two of them fit when everything else is refused."""
    stage = Stage()
    for number in range(NODE_PAIRS):
        data = from_caller(b"INVITE", body=OFFER)
        stage.a(
            data.replace(b"call@a", b"call%d@a" % number).replace(
                b"z9hG4bKa", b"z9hG4bK%d" % number
            )
        )
    stage.then("a: 503 INVITE")
    taken = len(stage.inline.lines)
    help_ = from_caller(b"INVITE", body=OFFER, number=b"119").replace(b"call@a", b"help@a")

    stage.a(help_.replace(b"z9hG4bKa", b"z9hG4bKhelp")).then("b: INVITE")
    assert len(stage.inline.lines) == taken + 1


@pytest.mark.parametrize("number", [b"110", b"+81110", b"1-1-9"])
def test_a_call_for_help_needs_no_route_and_hears_no_notice(number: bytes) -> None:
    """It goes to where the configuration sends such calls, with every codec."""
    japanese = dataclasses.replace(TRUNK, country="JP")
    stage = Stage(routes=(), source=japanese).full(Full.SPOOL_BYTES).calls(number=number)

    stage.then("b: INVITE")
    (line,) = stage.inline.lines
    assert (line.call.plan.notice, line.call.plan.codecs) == ((), ())


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


def test_a_body_that_cannot_be_read_is_400() -> None:
    """And no call."""
    body = b"v=0\r\nm=audio x RTP/AVP 0\r\n"

    Stage().calls(body=body).then("a: 400 INVITE")


def test_an_agent_whom_a_header_names_is_the_agent() -> None:
    """Whatever number was dialled."""
    stage = routed(agent="header:X-Agent", notice=())
    stage.calls((b"X-Agent", b"tanaka")).b(200, body=OFFER.replace(b"192.0.2.1", b"192.0.2.30"))
    (line,) = stage.inline.lines

    assert line.agent == b"tanaka"


def test_targets_are_tried_in_the_order_of_the_route() -> None:
    """The second where the first is silent or broken."""
    second = Target(name="other", uri="sip:192.0.2.31")
    stage = Stage(routes=(dataclasses.replace(ROUTE, to=("pbx", "other")),), targets=(PBX, second))

    stage.calls().b(503).then("b: ACK", "b: INVITE")
    assert stage.request_to_b().uri == b"sip:0355501234@192.0.2.31"


@pytest.mark.parametrize("lack", [Full.SPOOL_BYTES, Full.SPOOL_INODES, Full.WORKERS])
def test_a_call_that_cannot_be_recorded_goes_through_and_is_told_nothing(lack: Full) -> None:
    """The ledger says why there is no recording of it; a notice would not be true."""
    stage = routed().full(lack)
    stage.calls().b(180).b(200, body=ANSWER)

    assert [end.playing for end in stage.relay_call().ends] == [None, None]
    assert stage.relay_call().is_joined
    stage.a_inside(b"ACK", 1).a_inside(b"BYE", 2)
    assert stage.records() == []
    assert stage.rows() == [(200, lack.value)]


@pytest.mark.parametrize("lack", [Full.SPOOL_BYTES, Full.WORKERS])
def test_a_route_may_want_no_call_that_is_not_recorded(lack: Full) -> None:
    """Whoever must record everything would rather not talk."""
    routed(record_failure="end").full(lack).calls().then("a: 503 INVITE")


@pytest.mark.parametrize("lack", [Full.CALLS, Full.CPU, Full.DRAINING])
def test_what_every_call_needs_is_lacking_for_all(lack: Full) -> None:
    """A call without a recording would need it as well."""
    routed().full(lack).calls().then("a: 503 INVITE")
