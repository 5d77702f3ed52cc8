import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import numpy as np
import pytest
from pydantic import TypeAdapter

from api.web.calls.question_body import QuestionBody
from api.web.calls.ranked_bodies import RankedSearchBody
from eval.asking.bodies import WAYS, Body, body_of
from eval.asking.judged import Judge, Judged, Outcome, place_of, recordings_of
from eval.asking.kinds import rows
from eval.asking.product import READY_WITHIN_S, Answer, Candidate, NotAnswered, Product
from eval.asking.served import standing
from eval.asking.trace import Trace
from eval.loading.adoptions import adoptions_of
from eval.memory.clue import Clue
from eval.memory.model import FIRST, read_model
from eval.memory.sorts import SHIFT_DAY
from eval.oracle.table import FATES
from eval.phrases.wording import read_wording
from eval.requests.drawn import NEVER, Memory, Request
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
    return Outcome(
        request=request or Request("ja", (), 0),
        answer=an_answer(),
        fate=fate,
        place=place,
        best_place=1,
        best_cause=int(Fate.RECORDED),
        confirmed=0,
        other_calls=0,
        other_persons=0,
    )


def test_to_say_always_the_same_is_worth_a_quarter_of_the_fates() -> None:
    """However many of the requests are about recorded calls."""
    judged = Judged()
    for fate in (*FATES, *FATES, *[int(Fate.RECORDED)] * 90):
        judged.note(an_outcome(fate))
    row = judged.row("when", "text")
    assert row[13] == "0.250"
    assert row[10].startswith("1.000 (1.000")


class Sure(Product):
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
    judge = Judge(memory, Sure(page), read_wording())
    told: list[Outcome] = []
    clue = next(memory.requests("when", 1, seed=1)).clues

    for call in (meant, NEVER):
        judge.judge([Request("ja", clue, call)], lambda _, one: told.append(one))

    assert [(each.confirmed, each.other_calls, each.other_persons) for each in told] == [
        *[(3, 2, 1)] * len(WAYS),
        *[(3, 3, 3)] * len(WAYS),
    ]
    assert [each.place for each in told] == [1, 1, 0, 0]


def test_the_kinds_of_clue_that_lose_most_come_first() -> None:
    """Those that are told seldom are left out."""
    judged = Judged()
    kinds = ("date.day", "date.month", "length.about")
    for kind, place, times in zip(kinds, (2, 0, 0), (30, 30, 5), strict=True):
        for _ in range(times):
            told = Request("en", (("date", Clue(kind)),), 0)
            judged.note(an_outcome(int(Fate.RECORDED), place, told))

    found = rows([("text", judged)], 10)
    assert [each[0] for each in found] == ["date.month", "date.day"]
    assert found[1][4:] == ["0.500", "1.000", "0.500", "15.0"]


def test_a_trace_has_a_line_for_each_answer(tmp_path: Path) -> None:
    """Who mends the product reads where it went wrong."""
    file = tmp_path / "trace.jsonl"
    with Trace(file) as trace:
        trace.note("when", "text", an_outcome(NEVER))
    (line,) = map(json.loads, file.read_text().splitlines())
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
        return httpx2.Response(200, json={"ranked": ranked})

    with a_product(monkeypatch, answer) as product:
        clues = [{"kind": "when", "value": "?"}, {"kind": "agent", "value": "Ono"}]
        found = product.ask({"clues": clues})
        assert product.ask({"clues": clues[:1]}).cause == "never"

    assert asked == [["?", "Ono"], ["Ono"], ["?"]]
    assert found.understood == ("refused: when ?",)
    assert found.cause == "never"
