import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import httpx2
import numpy as np
import pytest
from pydantic import TypeAdapter

from api.web.calls.question_body import QuestionBody
from api.web.calls.ranked_bodies import RankedSearchBody
from archive.locate.answer.question import Question
from eval.asking.bodies import WAYS, Body, Way, asked_again, body_of
from eval.asking.certainty import ask_until_confirmed, can_be_confirmed
from eval.asking.judged import (
    CAUSES,
    Afterwards,
    Judge,
    Outcome,
    Said,
    Sure,
    place_of,
    recordings_of,
)
from eval.asking.kinds import clue_kinds, rows
from eval.asking.misread import AS_TOLD, misreadings
from eval.asking.product import READY_WITHIN_S, Answer, Candidate, NotAnswered, Product
from eval.asking.served import standing
from eval.asking.tables import cause_rows, places_row, question_row
from eval.asking.trace import Trace
from eval.loading.adoptions import adoptions_of
from eval.memory.answers import Questions
from eval.memory.clue import Clue
from eval.memory.model import FIRST, read_model
from eval.memory.sorts import SHIFT_DAY
from eval.oracle.oracle import Oracle
from eval.oracle.table import FATES, rank_of
from eval.phrases.wording import read_wording
from eval.requests.drawn import NEVER, Memory, Request
from eval.world.agents import QUEUES
from eval.world.world import Fate, make_world

QUESTION: TypeAdapter[object] = TypeAdapter(QuestionBody)


@pytest.fixture(scope="module")
def memory() -> Memory:
    return Memory(make_world(1_000, seed=2), read_model(FIRST))


def test_each_clue_of_each_set_is_asked_by_a_field_or_in_the_text(memory: Memory) -> None:
    """Day and time of day share one field."""
    templates = read_wording()
    for name in memory.model.sets:
        for at, request in enumerate(memory.requests(name, 60, seed=1)):
            by_clue, by_text = (body_of(request, way, templates, seed=at) for way in WAYS)
            told = [sort for sort, _ in request.clues]
            fields = [each["kind"] for each in by_clue["clues"]]
            assert len(fields) == len(told) - (
                "clock" in told and not {"date", SHIFT_DAY}.isdisjoint(told)
            )
            assert all(each["value"] and each["likely"] for each in by_clue["clues"])
            assert by_text["text"]
            when = [each["value"] for each in by_clue["clues"] if each["kind"] == "when"]
            assert not any(each.endswith(("。", ".")) for each in when)
            for body in (by_clue, by_text):
                assert isinstance(QUESTION.validate_python(body), RankedSearchBody)
            assert "clues" not in by_text


def test_the_recordings_of_a_call_are_those_that_were_loaded(memory: Memory) -> None:
    """Also of one that was transferred."""
    world = memory.world
    recorded = world.fate == Fate.RECORDED
    call = int(np.flatnonzero(recorded & (world.persona2 >= 0))[0])
    loaded = {str(each.part_name.recording) for each in adoptions_of(world, [call])}
    assert recordings_of(world, call) == loaded
    assert recordings_of(world, NEVER) == frozenset()


def test_a_call_is_found_at_the_place_of_any_of_its_recordings() -> None:
    """And at none where it is not on the page."""
    page = [
        Candidate(state="recorded", recordings=frozenset(own), chance=0.1, confirmed=False)
        for own in ({"a"}, {"b", "c"})
    ]
    answer = Answer(tuple(page), {"never": 0.3, "destroyed": 0.7}, 1.0)
    assert place_of(answer, frozenset({"c"})) == 2
    assert place_of(answer, frozenset({"d"})) == 0
    assert answer.cause == "destroyed"


def an_answer(*found: tuple[set[str], bool]) -> Answer:
    page = [
        Candidate(state="recorded", recordings=frozenset(own), chance=0.1, confirmed=sure)
        for own, sure in found
    ]
    return Answer(tuple(page), {"recorded": 1.0}, 1.0)


def an_outcome(fate: int, place: int = 1, request: Request | None = None) -> Outcome:
    recorded = int(Fate.RECORDED)
    return Outcome(
        request=request or Request("ja", (), 0),
        answer=an_answer(),
        fate=fate,
        own=Said(place, recorded),
        best=Said(1, recorded),
        exact=Said(0, recorded),
        sure=Sure(0, 0, 0),
    )


def test_places_are_of_requests_for_a_recorded_call() -> None:
    """Shares of what can be known have their interval; an exact search stands beside it."""
    found = [an_outcome(int(Fate.RECORDED), place) for place in (1, 1, 2, 0)]
    row = places_row("when", "text", [*found, *[an_outcome(NEVER)] * 4])
    assert row[2:7] == ["8", "0.500", "0.750", "0.750", "0.625"]
    assert row[7:14] == ["1.000", "1.000", "1.000", "1.000", "0.000", "0.000", "0.000"]
    assert row[14].startswith("0.750 (")
    assert row[15].startswith("0.625 (")


def test_to_say_always_the_same_is_right_of_one_fate_alone() -> None:
    """However many of the requests are about recorded calls."""
    fates = (*FATES, *[int(Fate.RECORDED)] * 96)
    told: list[tuple[Way, Outcome]] = [("text", an_outcome(fate)) for fate in fates]
    rows = {each[0]: each for each in cause_rows(told) if each[1] == "text"}
    assert [rows[each][3] for each in CAUSES] == ["0.000", "1.000", "0.000", "0.000"]
    assert rows["recorded"][2:] == ["97", "1.000", "1.000", "1.000", "1.000 (1.000–1.000)"]
    assert rows["any"][2:4] == ["100", "0.970"]


def test_a_question_helps_by_the_places_behind_it() -> None:
    """Requests to which none was asked, or none known, count as they were."""
    recorded = int(Fate.RECORDED)
    after = [Afterwards("queue", Clue("queue"), 1, 1), Afterwards("", None, 2, 2)]
    outcomes = [replace(an_outcome(recorded, 4), after=each) for each in after]
    row = question_row("when", "clues", [*outcomes, an_outcome(recorded)])
    assert row[2:9] == ["2", "1", "1", "0.250", "0.750", "0.750", "1.000 (1.000–1.000)"]
    assert row[9] == "queue 1"


class Certain(Product):
    """Says of the same calls each time that they are confirmed."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer

    def ask(self, body: Body) -> Answer:  # noqa: ARG002  # whatever it is
        return self._answer


def test_another_persons_call_that_is_confirmed_is_counted(memory: Memory) -> None:
    """Another call of the same person is another call alone."""
    world = memory.world
    recorded = np.flatnonzero(world.fate == Fate.RECORDED).tolist()
    meant, same = next(
        (one, other)
        for one in recorded
        for other in recorded
        if one != other and world.customer[one] == world.customer[other]
    )
    stranger = next(each for each in recorded if world.customer[each] != world.customer[meant])
    page = an_answer(*((set(recordings_of(world, each)), True) for each in (meant, same, stranger)))
    judge = Judge(memory, Certain(page), read_wording())
    clue = next(memory.requests("when", 1, seed=1)).clues
    told = [one for call in (meant, NEVER) for _, one in judge.judge([Request("ja", clue, call)])]

    assert [each.sure for each in told] == [
        *[Sure(3, 2, 1)] * len(WAYS),
        *[Sure(3, 3, 3)] * len(WAYS),
    ]
    assert [each.own.place for each in told] == [1, 1, 0, 0]


class Asking(Product):
    """Asks for the queue where it has not been told, and knows the call from then on."""

    def __init__(self, meant: frozenset[str]) -> None:
        self._meant, self.bodies = meant, list[Body]()

    def ask(self, body: Body) -> Answer:
        self.bodies.append(body)
        is_first = "asked" not in body
        found = an_answer(({"another"}, False), *[(set(self._meant), False)] * (not is_first))
        return replace(found, asked=body, question="queue" if is_first else "")


def test_who_is_asked_one_more_question_answers_it_in_a_field(memory: Memory) -> None:
    """Beside what was asked before, text or fields; whoever knows all has the same answer."""
    world = memory.world
    inbound = (world.fate == Fate.RECORDED) & (world.queue >= 0)
    asked = memory.requests("when", 50, seed=1)
    oracle = Oracle(memory)
    request = next(
        each
        for each in asked
        if each.meant != NEVER
        and inbound[each.meant]
        and rank_of(oracle.posterior(each), each.meant) > 10
    )
    asking, requests = Asking(recordings_of(world, request.meant)), [request] * 8
    outcomes = [one for _, one in Judge(memory, asking, read_wording()).judge(requests)]

    followed = [each for each in outcomes if each.after is not None]
    assert len(followed) == len(outcomes) // 2
    known = [each for each in followed if each.after and each.after.answer]
    again = [each for each in asking.bodies if "asked" in each]
    assert len(known) == len(again) > 0
    for body in again:
        assert body["asked"] == ["queue"]
        assert body["clues"][-1]["kind"] == "queue"
        assert isinstance(QUESTION.validate_python(body), RankedSearchBody)
    assert {(each.own.place, each.after.place) for each in known if each.after} == {(0, 2)}
    queue = Clue("queue", (("queue", QUEUES[world.queue[request.meant]]),))
    right = [each for each in known if each.after and each.after.answer == queue]
    assert right
    assert {each.after.best_place < each.best.place for each in right if each.after} == {True}


def test_every_question_of_the_list_is_answered_in_a_field(memory: Memory) -> None:
    """In both languages, as the product takes it."""
    questions = Questions(memory.world, memory.prior)
    for question in Question:
        for language in ("ja", "en"):
            told = questions.answers(question, language).values[0]
            body = asked_again({"zone": "Asia/Tokyo", "text": "7788"}, question, told, language)
            assert isinstance(QUESTION.validate_python(body), RankedSearchBody)
    with pytest.raises(KeyError):
        questions.answers("who was it?", "en")


class Confirming(Product):
    """Says of the same calls that they are confirmed, one by turns."""

    def __init__(self, calls: list[set[str]]) -> None:
        self._calls = calls
        self.asked = 0

    def ask(self, body: Body) -> Answer:
        self.asked += 1
        assert body["limit"] < 10
        found = self._calls[self.asked % len(self._calls)]
        return an_answer((found, True), (set(), False))


def test_it_is_asked_until_so_many_calls_are_confirmed(memory: Memory) -> None:
    """In both ways; whose are another's is said with what was asked."""
    world = memory.world
    strangers = [set(recordings_of(world, each)) for each in (0, 1)]
    product = Confirming(strangers)
    steps = ask_until_confirmed(memory, product, read_wording(), wanted=6, seed=1)
    *_, found = steps

    assert (found.answers, found.confirmed, product.asked) == (6, 6, 6)
    assert found.other_persons >= 5
    assert len(found.wrong) == found.other_persons
    assert "clues" in json.loads(found.wrong[0])


def test_who_tells_less_than_two_things_of_a_person_is_not_asked() -> None:
    """Agent, queue and extension are one; two digits and a topic are none and one."""
    sales, ono = Clue("queue", (("queue", "sales"),)), Clue("agent.heard", (("name", "Ono"),))
    two, four = (Clue("number.last", (("last", each),)) for each in ("58", "0958"))
    topic = Clue("gist", (("topic", "解約"),))

    def able(*told: Clue) -> bool:
        return can_be_confirmed(Request("en", tuple((each.kind, each) for each in told), 0))

    assert not able(sales, ono)
    assert not able(two, topic)
    assert able(four, topic)
    assert able(ono, topic)


def test_the_kinds_of_clue_that_lose_most_come_first() -> None:
    """Those that are told seldom are left out."""
    kinds = ("date.day", "date.month", "length.about")
    outcomes: list[tuple[Way, Outcome]] = []
    for kind, place, times in zip(kinds, (2, 0, 0), (30, 30, 5), strict=True):
        told = Request("en", (("date", Clue(kind)),), 0)
        outcomes += [("text", an_outcome(int(Fate.RECORDED), place, told))] * times

    found = rows(outcomes, 10, clue_kinds)
    assert [each[0] for each in found] == ["date.month", "date.day"]
    assert found[1][4:] == ["0.500", "1.000", "0.500", "15.0"]


@pytest.mark.parametrize(
    ("told", "understood", "expected"),
    [
        (("date.day", "clock.hour"), ("when: 2026-10-01 9:00", "not used: hello"), [AS_TOLD]),
        (("agent.heard", "number.last"), ("agent: Ono",), ["without number"]),
        (("date.day",), ("when: 2026-10-01", "gist: hello"), ["beside it gist"]),
        (("length.about",), ("refused: length 短い",), ["without length"]),
        (("gist",), ("id: 1234567",), [AS_TOLD]),
        (("number.dialled",), ("number: 0120",), ["without dialled", "beside it number"]),
    ],
)
def test_what_is_read_otherwise_than_it_was_told_is_named(
    told: tuple[str, ...], understood: tuple[str, ...], expected: list[str]
) -> None:
    """By kinds alone: a value that is read wrongly is seen by what it loses."""
    request = Request("en", tuple((each, Clue(each)) for each in told), 0)
    one = an_outcome(int(Fate.RECORDED), request=request)
    answer = replace(one.answer, understood=understood)
    assert list(misreadings(replace(one, answer=answer))) == expected


def test_a_trace_has_a_line_for_each_answer(tmp_path: Path) -> None:
    """Who mends the product reads where it went wrong."""
    file = tmp_path / "trace.jsonl"
    after = Afterwards("queue", Clue("queue", (("queue", "sales"),)), 1, 2)
    with Trace(file) as trace:
        trace.note("when", "text", replace(an_outcome(NEVER), after=after))
    (line,) = map(json.loads, file.read_text().splitlines())
    assert line["after"]["answer"] == {"kind": "queue", "values": {"queue": "sales"}}
    assert (line["set"], line["way"], line["fate"], line["said"]) == (
        *("when", "text"),
        *("never", "recorded"),
    )


def test_a_world_stands_where_it_was_loaded_once(tmp_path: Path) -> None:
    """And what was not finished is begun anew."""
    world = make_world(30, seed=6)
    told: list[int] = []
    for _ in range(2):
        own = standing(tmp_path, world, "30-6", lambda done, _: told.append(done))
        assert (own / "var/catalog/catalog.db").exists()
    assert told.count(len(world)) == 1


@contextmanager
def a_product(
    monkeypatch: pytest.MonkeyPatch, answer: Callable[[httpx2.Request], httpx2.Response]
) -> Iterator[Product]:
    with Product("http://127.0.0.1", "token") as product:
        transport = httpx2.MockTransport(answer)
        client = httpx2.Client(base_url="http://127.0.0.1", transport=transport)
        monkeypatch.setattr(product, "_client", client)
        yield product


def test_it_is_asked_again_when_it_says_until_its_columns_are_made(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Figures begin behind that; who never gets there is told why."""
    left, pauses = [httpx2.Response(503, headers={"Retry-After": "10"})] * 2, list[float]()

    def answer(_request: httpx2.Request) -> httpx2.Response:
        return left.pop() if left else httpx2.Response(200)

    with a_product(monkeypatch, answer) as product:
        product.wait_until_ready(pauses.append)
    assert pauses == [10.0, 10.0]

    never = httpx2.Response(503, headers={"Retry-After": "10"}, text="1 of 3 months")
    with (
        a_product(monkeypatch, lambda _: never) as product,
        pytest.raises(NotAnswered, match="1 of 3 months"),
    ):
        product.wait_until_ready(pauses.append)
    assert sum(pauses) == 20 + READY_WITHIN_S


def test_what_is_refused_for_another_reason_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A token without the right scopes would be waited for in vain."""
    pauses: list[float] = []
    with (
        a_product(monkeypatch, lambda _: httpx2.Response(403)) as product,
        pytest.raises(NotAnswered, match="403"),
    ):
        product.wait_until_ready(pauses.append)
    assert not pauses


def test_a_field_of_which_nothing_is_understood_is_left_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As by a person who is told so; the others are asked."""
    asked: list[list[str]] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        values = [each["value"] for each in json.loads(request.content)["clues"]]
        asked.append(values)
        if "?" in values:
            error = {"pointer": f"/clues/{values.index('?')}/value", "detail": "nothing"}
            return httpx2.Response(422, json={"errors": [error]})
        ranked = {"candidates": [], "chances": {"never": 1.0}, "understood": [], "unused": []}
        ranked |= {"question": {"code": "queue", "words": "Which desk?"}}
        return httpx2.Response(200, json={"ranked": ranked})

    with a_product(monkeypatch, answer) as product:
        clues = [{"kind": "when", "value": "?"}, {"kind": "agent", "value": "Ono"}]
        found = product.ask({"clues": clues})
        assert product.ask({"clues": clues[:1]}).cause == "never"

    assert asked == [["?", "Ono"], ["Ono"], ["?"]]
    assert found.understood == ("refused: when ?",)
    assert (found.cause, found.question) == ("never", "queue")
