"""Questions about calls that are there, and their turns beside calls that are recorded."""

import json
from pathlib import Path

import pytest

from bench.locating.beside_calls import mixed
from bench.locating.remembered import CLASSES, Drawn, draw
from bench.questions import NotYet, QuestionFailed
from eval.loading.bulk import fill
from eval.world.world import make_world
from tests.support.bench.questions import api


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Drawn:
    file: Path = tmp_path_factory.mktemp("world") / "catalog.db"
    fill(file, make_world(300, seed=4), lambda _done, _of: None)
    return draw(file, 5, seed=1)


def test_a_question_in_a_window_has_its_call_in_it(drawn: Drawn) -> None:
    for call, each in zip(drawn.calls, drawn.questions("agent", windowed=True), strict=True):
        asked = json.loads(each.body)
        window = asked["window"]
        assert window["from"] < call.at.isoformat() < window["to"]
        assert asked["clues"] == [{"kind": "agent", "value": call.agent, "likely": True}]


def test_of_twenty_questions_one_is_over_all(drawn: Drawn) -> None:
    """As they are asked in a second; each class has its turn."""
    asked = [json.loads(each.body) for each in mixed(drawn)]

    over_all = [at for at, body in enumerate(asked) if "window" not in body]
    assert over_all == list(range(0, len(asked), 20))
    assert len(asked) == len(CLASSES) * len(drawn.calls)


def test_who_is_asked_to_come_later_is_told_from_who_is_refused() -> None:
    """Columns that are not made yet are waited for."""
    with api(503, []) as client:
        assert not client.is_answered("/calls/search", "{}")
        with pytest.raises(NotYet):
            client.post("/calls/search", "{}")
    with api(422, []) as client, pytest.raises(QuestionFailed):
        client.is_answered("/calls/search", "{}")
