import numpy as np
import pytest

from eval.asking.bodies import WAYS, body_of
from eval.asking.judged import Judged, place_of, recordings_of
from eval.asking.product import Answer, Candidate
from eval.loading.adoptions import adoptions_of
from eval.memory.model import FIRST, read_model
from eval.memory.sorts import SHIFT_DAY
from eval.oracle.table import FATES
from eval.phrases.wording import read_wording
from eval.requests.drawn import NEVER, Memory
from eval.world.world import Fate, make_world


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


def test_to_say_always_the_same_is_worth_a_quarter_of_the_fates() -> None:
    """However many of the requests are about recorded calls."""
    judged = Judged(fates=[*FATES] * 3 + [int(Fate.RECORDED)] * 90, took_ms=[1.0, 2.0])
    for ranks in (judged.found, judged.best):
        ranks.causes.extend(each == Fate.RECORDED for each in judged.fates)
        ranks.ranks.extend([1, 2])
    row = judged.row("when", "text")
    assert row[13] == "0.250"
    assert row[10].startswith("1.000 (1.000")
