"""Every vendor's session and every way to tell a hold, from the wire to what is found and shown."""

from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from archive.access.query import MarkClue
from archive.call.marks import CallMarks
from archive.call.numbers import user_part
from archive.catalog.search.call_course import RecordingCourse
from tests.capture.sdp.offers import HEAD, stream
from tests.capture.siprec.stage import CLIENT, MIXED, OFFER, SDP, SIPREC, Stage, described, request
from tests.matrix.index import Index
from tests.support.siprec.vendors import play, staged
from tests.vendors.expected import CUSTOMER, EXPECTED, Expected
from tests.vendors.script import NAMES, Script, read, seeded

BETWEEN_S = 10.0


@dataclass(frozen=True, slots=True)
class Told:
    """A vendor's session as it was sent, and what became of it."""

    script: Script
    expected: Expected
    index: Index
    course: RecordingCourse

    @property
    def customers(self) -> list[str]:
        """The numbers that the session says of customers."""
        values = self.script.values.items()
        return [text for key, text in values if key.startswith("number:")]

    def known_as(self, participant: str) -> str:
        """A participant by the user of the first address, a customer as such."""
        legs = self.course.found.legs
        aors = [leg.number.aor for leg in legs if leg.who.participant == participant]
        user = user_part(aors[0]) if aors else ""
        return CUSTOMER if user in self.customers else user


@pytest.fixture(params=NAMES, scope="module")
def told(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Told:
    """The whole session, ten seconds between its messages, and its end, in a catalog."""
    script = read(request.param, seeded(1))
    stage = staged(EXPECTED[request.param])
    for number, message in enumerate(script.messages):
        play(stage, message, number)
        stage.media().until(stage.now_s + BETWEEN_S)
    stage.inside(b"BYE", len(script.messages) + 5)
    index = Index(tmp_path_factory.mktemp("session"))
    recording = index.add(stage.records()[-1].events)
    return Told(script, EXPECTED[request.param], index, index.course(recording))


def test_every_participant_is_found_by_every_number(told: Told) -> None:
    """What is shown and cannot be found is lost to whoever asks."""
    shown = {each.raw for leg in told.course.found.legs for each in leg.who.numbers if each.raw}

    assert {*told.customers, *_users(told.expected)} - {CUSTOMER} <= shown
    assert [each for each in sorted(shown) if not told.index.finds_number(each)] == []


def _users(expected: Expected) -> list[str]:
    return [who for _, who, _ in expected.participants if who.isdigit()]


def test_every_name_of_a_participant_finds_the_call(told: Told) -> None:
    """Also the second of two, and in another script."""
    for name in told.expected.names:
        assert told.index.finds_name(name), name


def test_direction_and_sides_are_as_the_session_says(told: Told) -> None:
    """And what each was decided from."""
    found = told.course.found
    sides = ", ".join(f"{leg.side} {leg.decided.because}" for leg in found.legs)

    assert (found.direction, found.direction_because, sides) == (
        told.expected.direction, told.expected.direction_because, told.expected.sides,
    )  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_of_a_source_without_rules_nothing_is_wrong_and_unmarked(
    name: str, tmp_path: Path, told_sides: dict[str, str]
) -> None:
    """Each statement is true, or marked as a guess, or says that it is not known."""
    script, expected = read(name, seeded(1)), EXPECTED[name]
    stage = Stage(source=replace(CLIENT, mode=expected.mode))
    for number, message in enumerate(script.messages):
        play(stage, message, number)
        stage.media().until(stage.now_s + BETWEEN_S)
    stage.inside(b"BYE", len(script.messages) + 5)
    index = Index(tmp_path)
    found = index.course(index.add(stage.records()[-1].events)).found
    stated = {
        leg.number.raw: leg.side
        for leg in found.legs
        if leg.side != "unknown" and not leg.decided.is_guessed
    }
    wrong = {raw: side for raw, side in stated.items() if side != told_sides.get(raw, side)}

    assert wrong == {}
    assert found.direction in {expected.direction, "unknown"}
    assert all(leg.agent.attributed_by == "none" for leg in found.legs if leg.decided.is_guessed)


@pytest.fixture
def told_sides(name: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The side of each number as the source's rules have it."""
    script = read(name, seeded(1))
    stage = staged(EXPECTED[name])
    for number, message in enumerate(script.messages):
        play(stage, message, number)
    stage.inside(b"BYE", len(script.messages) + 5)
    index = Index(tmp_path_factory.mktemp("ruled"))
    found = index.course(index.add(stage.records()[-1].events)).found
    return {leg.number.raw: leg.side for leg in found.legs if not leg.decided.is_guessed}


def test_holds_are_told_with_their_source(told: Told) -> None:
    """Silence never stands without its reason."""
    holds = [f"{each.told_by} {told.known_as(each.participant)}" for each in told.course.holds]

    assert tuple(holds) == told.expected.holds
    assert all(each.until_us > each.from_us for each in told.course.holds)
    assert bool(told.course.found.held_ms) is bool(holds)


def test_who_was_replaced_by_whom_is_shown(told: Told) -> None:
    """A transfer has two people: who went, and who came."""
    replaced = [
        f"{told.known_as(leg.who.participant)} for {told.known_as(leg.instead_of)}"
        for leg in told.course.found.legs
        if leg.instead_of
    ]

    assert tuple(replaced) == told.expected.transfers


def test_the_end_is_the_one_that_was_said(told: Told) -> None:
    """A BYE is a BYE, a call that its session outlives ends with its own word."""
    assert told.course.ended == told.expected.ended


def test_a_session_is_found_by_what_its_source_says_of_it(tmp_path: Path) -> None:
    """Recording sessions have no route: what they are for is said of their source."""
    marks = CallMarks(
        queue="Support", purposes=("quality", "dispute"), controller="A K.K.", tags=("gold",)
    )
    stage = Stage(source=replace(CLIENT, marks=marks))
    stage.peer(request(b"INVITE", SIPREC, MIXED, body=described())).inside(b"ACK", 1)
    stage.media().until(stage.now_s + BETWEEN_S).inside(b"BYE", 9)
    index = Index(tmp_path)
    index.add(stage.records()[-1].events)

    for kind, value in marks.told():
        assert index.found(MarkClue(kind, value)), (kind, value)
    assert not index.found(MarkClue("queue", "sales"))


PORT_0 = HEAD + stream(label=b"96") + stream(label=b"97", port=0)
HOLDS = {
    "inactive": HEAD + stream(label=b"96") + stream(b"inactive", label=b"97", port=6002),
    "recvonly": HEAD + stream(label=b"96") + stream(b"recvonly", label=b"97", port=6002),
    "address 0.0.0.0": HEAD.replace(b"c=IN IP4 192.0.2.10", b"c=IN IP4 0.0.0.0")
    + stream(b"", label=b"96") + stream(b"", label=b"97", port=6002),
    "port 0": PORT_0,
}  # fmt: skip


@pytest.mark.parametrize("method", [b"INVITE", b"UPDATE"])
@pytest.mark.parametrize("form", HOLDS)
def test_a_hold_that_sdp_alone_tells_is_an_interval(
    tmp_path: Path, form: str, method: bytes
) -> None:
    """However it is written, by re-INVITE or UPDATE, on one line or on both."""
    stage = Stage().peer(request(b"INVITE", SIPREC, MIXED, body=described())).inside(b"ACK", 1)
    for number, sdp in ((2, HOLDS[form]), (3, OFFER)):
        stage.media().until(stage.now_s + BETWEEN_S)
        stage.inside(method, number, SDP, body=sdp)
        if method == b"INVITE":
            stage.inside(b"ACK", number)
    stage.media().until(stage.now_s + BETWEEN_S).inside(b"BYE", 9)
    index = Index(tmp_path)
    course = index.course(index.add(stage.records()[-1].events))

    seconds = {(each.until_us - each.from_us) // 1_000_000 for each in course.holds}
    assert {each.told_by for each in course.holds} == {"sdp"}
    assert seconds == {int(BETWEEN_S)}
    assert course.found.held_ms == BETWEEN_S * 1_000
