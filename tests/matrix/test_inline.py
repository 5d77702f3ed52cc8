"""Every flow of an inline call, from the wire to what is found and shown."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import pytest

from archive.access.query import MarkClue
from archive.call.marks import CallMarks
from archive.call.numbers import user_part
from archive.call.sender_events import Attempted
from archive.catalog.search.call_course import RecordingCourse
from capture.inline.routing.route import NoticeWhen, Route
from capture.links.relay_messages import Outcome, Reported, Side
from tests.capture.inline.stage import ANSWER, HELD, HOLDING, ROUTE, TRUNK, Stage, from_caller, sdp
from tests.matrix.index import Index
from tests.support.inline.telling import TO_CAROL, scene

QUIET: Final = replace(ROUTE, notice=())
TANAKA: Final = (b"P-Asserted-Identity", b'"Tanaka" <sip:201@192.0.2.30>')
NAKATA: Final = (b"P-Asserted-Identity", b'"Nakata" <sip:202@192.0.2.30>')
# The last packet of what `Stage.played` tells.
LAST: Final = 100
CALLER, DIALLED = "+81300001234", "0355501234"


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What must be found and shown: each of `numbers` and `names` finds the call."""

    direction: str = "inbound route"
    sides: str = "customer route, agent route"
    numbers: tuple[str, ...] = (CALLER, DIALLED, "201")
    names: tuple[str, ...] = ("Tanaka",)
    holds: tuple[str, ...] = ()
    transfers: tuple[str, ...] = ()
    notice: str = "none"
    ended: str = "bye"
    attempts: tuple[str, ...] = ("pbx answered 200",)


def begun(route: Route = QUIET) -> Stage:
    """Both talk; the PBX names the agent."""
    stage = Stage(routes=(route,)).calls().b(200, TANAKA, body=ANSWER)
    return stage.a_inside(b"ACK", 1)


def wait(stage: Stage) -> Stage:
    """A minute passes."""
    stage.now_s += 60
    return stage


def hang_up(stage: Stage) -> Stage:
    """The caller does."""
    tag = stage.answer_to_a().to_address.tag
    return wait(stage).a(from_caller(b"BYE", cseq=9, to_tag=tag))


def plain() -> Stage:
    """No more than a conversation."""
    return hang_up(begun())


def outbound() -> Stage:
    """The caller is ours."""
    return hang_up(begun(replace(QUIET, direction="outbound")))


def by_rules() -> Stage:
    """The route says nothing of who is ours, the numbers of the source do."""
    source = replace(TRUNK, internal_numbers=("2*",))
    stage = Stage(routes=(replace(QUIET, direction=""),), source=source).calls()
    return hang_up(stage.b(200, TANAKA, body=ANSWER).a_inside(b"ACK", 1))


def held_by_caller(held: bytes, method: bytes) -> Stage:
    """For a minute."""
    stage = wait(begun())
    for number, body, answer in (
        (2, held, HOLDING), (3, sdp("192.0.2.1", 4000, version=3), ANSWER),
    ):  # fmt: skip
        stage.a_inside(method, number, body=body).b(200, body=answer)
        if method == b"INVITE":
            stage.a_inside(b"ACK", number)
        wait(stage)
    return hang_up(stage)


def passed_on() -> Stage:
    """Inside the PBX: another identity behind the same dialog."""
    return hang_up(wait(begun()).b_inside(b"UPDATE", 1, NAKATA))


def transferred() -> Stage:
    """By a REFER of the callee, carried out here; who was called hangs up."""
    stage, carol = scene(Stage())
    wait(stage).b_inside(b"REFER", 1, TO_CAROL)
    carol.answers(200, body=carol.speech())
    stage.b_answers(stage.request_to_b(b"BYE"), 200)
    wait(stage)
    return carol.inside(b"BYE", 1)


def noticed(outcome: Outcome, highest: int = 0, lost: int = 0) -> Stage:
    """The caller's notice, and what RTCP says of it; nothing where `highest` is 0."""
    stage = begun(ROUTE).played(outcome)
    if highest:
        told = Reported(
            call=stage.relay_call().call, side=Side.CALLER, highest_sequence=highest, lost=lost,
            jitter=3, at_us=stage.now.us,
        )  # fmt: skip
        stage.relay_says(told)
    return hang_up(stage)


def unanswered(order: NoticeWhen, status: int) -> Stage:
    """The caller hears the notice before the PBX is called, which takes no call."""
    stage = Stage(routes=(replace(ROUTE, notice_when=order),)).calls()
    if order == "answer-first":
        stage.a_inside(b"ACK", 1)
    return stage.played().b(180).b(status)


def given_up() -> Stage:
    """The caller leaves while it rings."""
    stage = Stage(routes=(replace(ROUTE, notice_when="answer-first"),)).calls()
    stage.a_inside(b"ACK", 1).played().b(180)
    invite = stage.request_to_b()
    stage.a_inside(b"BYE", 2).b_answers(invite, 487)
    return stage.until(stage.now_s + 3)


UNANSWERED: Final = replace(
    Expected(), sides="customer route", numbers=(CALLER, DIALLED), names=(), notice="unproved"
)


def ends(reason: str, last: str) -> Expected:
    """A call that nobody took: why, and what the last attempt came to."""
    return replace(UNANSWERED, ended=reason, attempts=("pbx rang 180", last))


INACTIVE = sdp("192.0.2.1", 4000, "a=inactive", version=2)
NOWHERE = sdp("0.0.0.0", 4000, version=2)  # noqa: S104  # the hold of RFC 2543
PLAIN, HOLD = Expected(), ("sdp 201",)
FLOWS: Final[dict[str, tuple[Callable[[], Stage], Expected]]] = {
    "inbound": (plain, PLAIN),
    "outbound": (
        outbound,
        replace(PLAIN, direction="outbound route", sides="agent route, customer route"),
    ),
    "sides by numbers": (
        by_rules,
        replace(
            PLAIN,
            direction="inbound invite",
            sides="customer internal_number, agent internal_number",
        ),
    ),
    "hold by sendonly": (lambda: held_by_caller(HELD, b"INVITE"), replace(PLAIN, holds=HOLD)),
    "hold by inactive": (
        lambda: held_by_caller(INACTIVE, b"INVITE"),
        replace(PLAIN, holds=(f"sdp {CALLER}", *HOLD)),
    ),
    "hold by 0.0.0.0": (lambda: held_by_caller(NOWHERE, b"INVITE"), replace(PLAIN, holds=HOLD)),
    "hold by UPDATE": (lambda: held_by_caller(HELD, b"UPDATE"), replace(PLAIN, holds=HOLD)),
    "passed on inside the PBX": (
        passed_on,
        replace(
            PLAIN,
            sides="customer route, agent route, agent place",
            numbers=(CALLER, DIALLED, "201", "202"),
            names=("Tanaka", "Nakata"),
            transfers=("202 for 201",),
        ),
    ),
    "transferred by REFER": (
        transferred,
        replace(
            PLAIN,
            sides="customer route, agent route, agent place",
            numbers=(CALLER, DIALLED, "202"),
            attempts=("pbx rang 180", "pbx answered 200", "carol answered 200"),
            names=(),
            transfers=(f"202 for {DIALLED}",),
            notice="unproved",
        ),
    ),
    "busy behind the answer": (
        lambda: unanswered("answer-first", 486), ends("busy", "pbx refused 486"),
    ),
    "busy behind early media": (lambda: unanswered("early", 600), ends("busy", "pbx refused 600")),
    "declined": (
        lambda: unanswered("answer-first", 603), ends("declined", "pbx refused 603"),
    ),
    "not there": (lambda: unanswered("early", 480), ends("unanswered", "pbx unanswered 480")),
    "unknown there": (
        lambda: unanswered("answer-first", 404), ends("unreachable", "pbx refused 404"),
    ),
    "given up": (given_up, ends("cancel", "pbx given_up 0")),
    "notice heard": (
        lambda: noticed(Outcome.COMPLETE, LAST), replace(PLAIN, notice="complete")
    ),
    "notice without RTCP": (
        lambda: noticed(Outcome.COMPLETE), replace(PLAIN, notice="unproved")
    ),
    "notice of which nothing came": (
        lambda: noticed(Outcome.COMPLETE, LAST, LAST), replace(PLAIN, notice="unheard")
    ),
    "notice cut short": (
        lambda: noticed(Outcome.CUT_SHORT, LAST),
        replace(PLAIN, notice="cut_short", ended="notice_not_played"),
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Told:
    """A flow that was played, and what became of it."""

    expected: Expected
    index: Index
    course: RecordingCourse

    @property
    def attempts(self) -> tuple[Attempted, ...]:
        """Who was called, and what came of it."""
        return self.course.routed.attempts

    def known_as(self, participant: str) -> str:
        """A participant by the user of the first address."""
        legs = self.course.found.legs
        aors = [leg.number.aor for leg in legs if leg.who.participant == participant]
        return user_part(aors[0]) if aors else ""


@pytest.fixture(params=FLOWS, scope="module")
def told(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Told:
    """The flow in a catalog."""
    play, expected = FLOWS[request.param]
    index = Index(tmp_path_factory.mktemp("flow"))
    return Told(expected, index, index.course(index.add(play().records()[-1].events)))


def test_everybody_is_found_by_number_and_by_name(told: Told) -> None:
    """Who came later and who went before, on either side."""
    for number in told.expected.numbers:
        assert told.index.finds_number(number), number
    for name in told.expected.names:
        assert told.index.finds_name(name), name


def test_direction_and_sides_are_as_the_flow_says(told: Told) -> None:
    """And what each was decided from."""
    found = told.course.found
    sides = ", ".join(f"{leg.side} {leg.decided.because}" for leg in found.legs)

    assert (f"{found.direction} {found.direction_because}", sides) == (
        told.expected.direction, told.expected.sides,
    )  # fmt: skip


def test_holds_are_told(told: Told) -> None:
    """An inline call's hold is told by SDP alone."""
    holds = [f"{each.told_by} {told.known_as(each.participant)}" for each in told.course.holds]

    assert tuple(holds) == told.expected.holds
    assert {(each.until_us - each.from_us) // 1_000_000 for each in told.course.holds} <= {60}


def test_who_was_replaced_by_whom_is_told(told: Told) -> None:
    """By another identity, or by another telephone."""
    replaced = [
        f"{told.known_as(leg.who.participant)} for {told.known_as(leg.instead_of)}"
        for leg in told.course.found.legs
        if leg.instead_of
    ]

    assert tuple(replaced) == told.expected.transfers


def test_the_call_is_found_by_what_became_of_its_notice(told: Told) -> None:
    """And by nothing else."""
    outcomes = ("complete", "cut_short", "failed", "unheard", "unproved", "none")
    found = [each for each in outcomes if told.index.found(MarkClue("notice", each))]

    assert found == [told.expected.notice]


def test_the_end_is_the_one_that_was_said(told: Told) -> None:
    """Somebody hung up, or the last who was called took no call."""
    attempts = [f"{each.target} {each.outcome} {each.status}" for each in told.attempts]

    assert told.course.ended == told.expected.ended
    assert tuple(attempts) == told.expected.attempts


def test_the_target_is_told_whoever_answers(told: Told) -> None:
    """And whether the notice comes before the call or after it."""
    assert told.course.routed.taken is not None
    assert told.course.routed.taken.target == "pbx"


def test_a_call_is_found_by_what_its_source_and_its_route_say_of_it(tmp_path: Path) -> None:
    """The route's word before the source's; the tags of both."""
    said = CallMarks(queue="trunk", purposes=("quality",), controller="A K.K.", tags=("all",))
    route = replace(QUIET, queue="support", purpose=("dispute", "training"), tags=("vip",))
    stage = Stage(routes=(route,), source=replace(TRUNK, marks=said))
    stage.calls().b(200, TANAKA, body=ANSWER).a_inside(b"ACK", 1)
    index = Index(tmp_path)
    index.add(hang_up(stage).records()[-1].events)

    for kind, value in (
        ("queue", "support"), ("purpose", "dispute"), ("purpose", "training"),
        ("controller", "A K.K."), ("tag", "all"), ("tag", "vip"),
    ):  # fmt: skip
        assert index.found(MarkClue(kind, value)), (kind, value)
    assert not index.found(MarkClue("queue", "trunk"))
    assert not index.found(MarkClue("purpose", "quality"))
