"""The form of ranked search, and the address that it is."""

from urllib.parse import urlsplit

import pytest

from api.locate.question import TypedClue
from api.web.pages.calls.clue_form import NAMES, ClueForm, TypedValue
from api.web.pages.forms import Form
from archive.locate.answer.question import Question
from archive.locate.clues import KINDS
from tests.archive.catalog.examples import TOKYO

ID = "01a186d2e2d070008000000000000003"


def read(query: str) -> ClueForm:
    return ClueForm.read(Form.parse(query))


def again(form: ClueForm) -> ClueForm:
    return read(urlsplit(form.address()).query)


def test_every_kind_of_clue_has_a_field() -> None:
    """One that is new is asked for by nobody otherwise."""
    assert set(KINDS) <= NAMES


@pytest.mark.parametrize(
    "query",
    [
        "text=10月下旬",
        "text=&when=10/29&agent=田中&sure=agent",
        "text=夕方&happened=held&happened=not transferred&sure=happened2&aside=happened",
        f"text=&beside={ID}&side=after&not={ID}",
        "text=x&asked=month&asked=queue&cursor=abc&shown=20",
    ],
)
def test_the_address_is_the_search(query: str) -> None:
    """Kept, or sent to a colleague, it asks the same."""
    form = read(query)

    assert again(form) == form
    assert not form.is_empty


def test_what_is_certain_narrows_and_what_is_left_aside_is_not_asked() -> None:
    """All else is likely; a call that was looked at and is not meant is out for certain."""
    query = f"text=&when=10/29&number=7788&agent=田中&sure=number&aside=when&not={ID}"

    asked = read(query).query(TOKYO).clues

    assert asked == (
        TypedClue(kind="number", value="7788", likely=False),
        TypedClue(kind="agent", value="田中", likely=True),
        TypedClue(kind="not", value=ID, likely=False),
    )


def test_what_did_not_happen_is_asked_as_that() -> None:
    """The other way round it would find the wrong call."""
    (clue,) = read("text=&happened=not transferred").query(TOKYO).clues

    assert clue == TypedClue(kind="happened", value="transferred", likely=True, was=False)


def test_a_mark_stays_with_its_value_when_another_one_goes() -> None:
    """Of two of a kind the first is taken out: the second one is as certain as it was."""
    form = read("text=&gist=one&gist=two&sure=gist2")

    left = again(form.without("gist"))

    assert [(each.key, each.text, each.mark) for each in left.values] == [
        ("gist", "two", "certain")
    ]


def test_a_change_begins_at_the_first_page() -> None:
    """A cursor is of the question that it came with."""
    form = read("text=x&cursor=abc&shown=20")

    for changed in (form.with_value("when", "10/29"), form.having_asked(Question.MONTH)):
        assert (changed.cursor, changed.shown) == ("", 0)
    assert form.at("next", 30).query(TOKYO).cursor == "next"


def test_what_a_value_is_narrowed_to_is_the_only_one_of_its_kind() -> None:
    """Whoever chooses an agent of those that were counted means no other one."""
    form = read("text=x&agent=田中&agent=中田&when=10/29")

    assert form.with_only("agent", "大野 守").values == (
        TypedValue(kind="when", text="10/29", key="when"),
        TypedValue(kind="agent", text="大野 守", mark="certain", key="agent"),
    )


def test_a_day_that_is_chosen_stands_beside_the_evening() -> None:
    """Another day takes its place; what is likely of the time stays."""
    chosen = read("text=&when=夕方").with_only("when", "2026-10-29").with_only("when", "2026-10-30")

    assert [(each.text, each.mark) for each in chosen.of("when")] == [
        ("夕方", "likely"),
        ("2026-10-30", "certain"),
    ]


@pytest.mark.parametrize("shown", ["-1", "x", "9999999999", "٣٣٣٣٣٣"])
def test_whatever_is_sent_is_read(shown: str) -> None:
    """An address is typed by anybody."""
    form = read(f"text=x&shown={shown}&asked=nonsense&sure=nonsense&side=left")

    assert (form.shown, form.asked, form.side) == (0, (), "before")
