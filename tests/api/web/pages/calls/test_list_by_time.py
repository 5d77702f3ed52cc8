"""The list by time beside a ranking: it asks exactly what of the clues is exact."""

from datetime import datetime
from urllib.parse import parse_qsl, urlsplit

from api.web.pages.calls.clue_form import ClueForm
from api.web.pages.calls.list_by_time import list_address, ranked_address
from api.web.pages.calls.search_form import read_form
from api.web.pages.forms import Form
from archive.locate.request.known_names import known_names
from archive.locate.request.request import read_request
from archive.locate.when.values import Calendar
from tests.archive.catalog.examples import TOKYO

NOW = datetime(2026, 11, 24, 12, tzinfo=TOKYO)
KNOWN = known_names(people=("田中 真由",), queues=("解約",))


def listed(text: str) -> dict[str, str]:
    """The fields of the list for what a text says; each is understood there."""
    read = read_request(text, now=NOW, zone=TOKYO, calendar=Calendar(), country="JP", known=KNOWN)
    query = urlsplit(list_address(read.clues, TOKYO)).query
    assert read_form(Form.parse(query), TOKYO, "JP", NOW).wrong == {}
    return dict(parse_qsl(query))


def test_days_names_and_numbers_are_asked_for_as_the_list_asks() -> None:
    """What is vague becomes the days that it may be."""
    assert listed("10月下旬の夕方、田中か中田、7788") == {
        "from": "2026-10-21",
        "to": "2026-10-31",
        "agent": "田中, 中田",
        "number": "7788",
    }
    assert listed("03-1234-7788")["number"] == "+81312347788"


def test_without_a_day_the_list_is_of_the_last_days() -> None:
    """A list of all time would be no answer."""
    assert listed("田中さん、番号は非通知") == {"range": "30days", "agent": "田中"}


def test_a_list_that_was_asked_for_somebody_can_be_ranked() -> None:
    """One of a time alone cannot: nothing tells its calls apart."""
    address = ranked_address(
        {"agent": "田中", "from": "10/1", "to": "10/5", "direction": "unknown"}
    )
    form = ClueForm.read(Form.parse(urlsplit(address).query))

    assert [(each.kind, each.text) for each in form.values] == [
        ("when", "10/1–10/5"),
        ("agent", "田中"),
    ]
    assert ranked_address({"from": "10/1", "range": "today"}) == ""
