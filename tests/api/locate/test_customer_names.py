"""A customer's name is found as it is told, as it may be written, and as it may be heard."""

from pathlib import Path

import msgspec

from api.locate.question import Located, TypedClue
from archive.call.corrections import NoteWritten
from archive.call.events import Event, Name, StreamPartyKnown
from archive.call.mentions import Mention, Mentioned
from archive.ids import RecordingId
from archive.locate.answer.verdict import Because, Outcome
from tests.archive.catalog.examples import STARTED_US, recording_id
from tests.support.catalog.amendment import amend
from tests.support.locate.customer_names import NAMES
from tests.support.locate.ranked_scene import HOUR_US, call, numbers, ranked_scene


def named(number: int, *names: str) -> tuple[int, tuple[Event, ...]]:
    """A call whose outside party the telephone system calls so."""
    return number, tuple(
        msgspec.structs.replace(each, names=tuple(map(Name, names)))
        if isinstance(each, StreamPartyKnown) and each.side == "customer"
        else each
        for each in call(number)
    )


def mentioning(number: int, name: str) -> tuple[int, tuple[Event, ...]]:
    """A call of which the source says the caller's name beside the participants."""
    first, *others = call(number)
    mention = Mention(told_as="caller", name=name)
    told = Mentioned(at_us=first.at_us, by="headers", mentions=(mention,))
    return number, (first, told, *others)


def customer(*names: str) -> TypedClue:
    return TypedClue(kind="customer", value=", ".join(names), likely=True)


SHOWN = tuple(dict.fromkeys(shown for _, shown, _ in NAMES))


def answers(located: Located) -> dict[int, tuple[str, float]]:
    """By the number of the call: how the first clue fits, and what it weighs."""
    return {
        int(each.calls[0].legs[0].number.e164[-2:]): (
            str(each.verdicts[0].outcome),
            each.recorded.weights[0],
        )
        for each in located.candidates
        if each.recorded
    }


async def test_names_are_found_as_they_may_be_written_and_heard(tmp_path: Path) -> None:
    """What is found weighs more for its call than another name; no other name does."""
    calls = [named(number, shown) for number, shown in enumerate(SHOWN)]
    wrong: list[object] = []
    async with ranked_scene(tmp_path, calls) as it:
        for told in dict.fromkeys(each for each, _, _ in NAMES):
            found = answers(await it.ask("", customer(told), limit=200))
            assert len(found) == len(SHOWN)
            least = min(weight for _, weight in found.values())
            meant = {shown: outcome for name, shown, outcome in NAMES if name == told}
            for number, (verdict, weight) in found.items():
                shown, is_found = SHOWN[number], weight > least
                is_other = verdict == "conflict"
                if (
                    verdict != meant.get(shown, verdict)
                    or (is_found and is_other)
                    or (shown in meant and is_found == is_other)
                ):
                    wrong.append((told, shown, meant.get(shown), verdict, weight - least))

    assert not wrong, "\n".join(map(str, wrong))


async def test_the_exact_writing_comes_before_what_is_taken_for_it(tmp_path: Path) -> None:
    """Those first that are written as told, then variants, then what sounds like it."""
    names = ("大野", "中田", "タナカ", "髙橋", "田中太郎", "田中")
    calls = [named(number, name) for number, name in enumerate(names)]
    async with ranked_scene(tmp_path, calls) as it:
        located = await it.ask("", customer("田中"))

    assert numbers(located)[:4] == ["7705", "7702", "7704", "7701"]


async def test_of_two_names_with_or_between_either_is_meant(tmp_path: Path) -> None:
    calls = [named(n, name) for n, name in enumerate(("大野", "ナカダ", "TANAKA", "髙橋", "佐藤"))]
    async with ranked_scene(tmp_path, calls) as it:
        for text in ("お客様は田中か中田", "the customer is a Ms Tanaka or Nakata"):
            located = await it.ask(text)
            assert set(numbers(located)[:2]) == {"7701", "7702"}
            told = {e.verdicts[0].values.get("told") for e in located.candidates[:2]}
            assert told <= {None, "田中", "中田", "Nakata"}
            assert told & {"中田", "Nakata"}


async def test_a_name_that_stands_in_a_note_or_is_mentioned_is_near(tmp_path: Path) -> None:
    """Whose it is nobody says; that of the agent of the call is none of a customer."""
    calls = [*(named(number, "佐藤") for number in range(4)), mentioning(4, "ナカタ ユキ")]
    agents = [mentioning(5, "田中 真由"), (6, call(6))]
    async with ranked_scene(tmp_path, [*calls, *agents]) as it:
        for number, text in ((1, "顧客中田様、折り返し希望"), (2, "山中田んぼの件")):
            amend(it.engine, NoteWritten(text=text), _id(number))
        located = await it.ask("", customer("中田"))

    told = {numbers(located)[at]: each.verdicts[0] for at, each in enumerate(located.candidates)}
    assert (told["7701"].because, told["7701"].values["name"]) == (Because.WRITTEN, "中田")
    assert told["7704"].because is Because.MENTIONED
    assert told["7702"].outcome is Outcome.CONFLICT
    assert told["7705"].because is Because.NO_CUSTOMER
    assert set(numbers(located)[:3]) == {"7701", "7702", "7704"}


async def test_a_certain_name_is_found_as_it_is_written_alone(tmp_path: Path) -> None:
    calls = [named(n, name) for n, name in enumerate(("高橋", "髙橋", "タカハシ", "高橋様"))]
    async with ranked_scene(tmp_path, calls) as it:
        likely = TypedClue(kind="gist", value="x", likely=True)
        located = await it.ask("", TypedClue(kind="customer", value="高橋"), likely)

    assert sorted(numbers(located)) == ["7700", "7703"]


def _id(number: int) -> RecordingId:
    return recording_id(number, STARTED_US + number * HOUR_US)
