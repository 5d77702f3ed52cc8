"""What is typed on the pages of the journal."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest

from api.web.pages.forms import Form
from api.web.pages.operation.journal_forms import Clock, read_heard, read_reach, read_tail
from archive.locate.when.values import Calendar
from archive.moments import EPOCH
from tests.archive.catalog.examples import NOW_US, TOKYO, recording_id, us

CLOCK = Clock(zone=TOKYO, now=EPOCH + timedelta(microseconds=NOW_US), calendar=Calendar.of("JP"))


def form(**typed: str) -> Form:
    """As a browser sends it; `since` is the field "from"."""
    return Form.parse(
        urlencode({{"since": "from"}.get(name, name): each for name, each in typed.items()})
    )


def test_times_are_typed_as_on_the_page_that_finds_and_each_may_be_open() -> None:
    """A day as an end is all of it."""
    both = read_tail(form(since="2026-10-29", to="2026-10-29"), CLOCK).asked
    begin = read_tail(form(since="10/29 17:00"), CLOCK).asked
    none = read_tail(form(), CLOCK).asked

    assert both is not None
    assert begin is not None
    assert none is not None
    assert (both.from_us, both.to_us) == (us("2026-10-29T00:00"), us("2026-10-30T00:00"))
    assert (begin.from_us, begin.to_us) == (us("2026-10-29T17:00"), None)
    assert (none.from_us, none.to_us, none.actor, none.action) == (None, None, "", None)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ({"since": "soon"}, "from"),
        ({"to": "soon"}, "to"),
        ({"since": "2026-10-30", "to": "2026-10-29"}, "from"),
        ({"action": "danced"}, "action"),
        ({"behind": "-1"}, "behind"),
        ({"behind": "9" * 30}, "behind"),
        ({"account": "x" * 201}, "account"),
    ],
)
def test_what_cannot_be_understood_is_said_at_its_field(typed: dict[str, str], name: str) -> None:
    """And nothing is asked."""
    read = read_tail(form(**typed), CLOCK)

    assert (list(read.wrong), read.asked) == ([name], None)


def test_the_reach_of_an_account_needs_the_account_and_a_begin_and_lasts_until_now() -> None:
    """Nothing typed is no question yet, and no mistake."""
    empty = read_reach(form(), CLOCK)
    asked = read_reach(form(account="sato", since="2026-10-29"), CLOCK).asked

    assert (empty.asked, empty.wrong) == (None, {})
    assert list(read_reach(form(account="sato"), CLOCK).wrong) == ["from"]
    assert list(read_reach(form(since="today"), CLOCK).wrong) == ["account"]
    assert asked is not None
    assert (asked.from_us, asked.to_us) == (us("2026-10-29T00:00"), NOW_US)


def test_an_id_is_read_with_and_without_hyphens() -> None:
    """As it is copied from anywhere."""
    raw = recording_id(1).raw.hex()
    hyphened = f"{raw[:8]}-{raw[8:]}"

    assert read_heard(form(id=hyphened)).asked == (bytes.fromhex(raw), 0)
    assert list(read_heard(form(id="x")).wrong) == ["id"]
    assert read_heard(form()).asked is None
