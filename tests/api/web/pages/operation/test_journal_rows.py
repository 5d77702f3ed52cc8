"""An entry of the journal as a row: its details in words where they are known."""

from collections.abc import Mapping

import pytest

from api.web.http.language import Reader
from api.web.pages.operation.journal_rows import JournalRow, RowWords
from api.words.texts import in_english
from archive.catalog.journal.entries import Action, Detail, Entry, JournalEntry
from archive.ids import DEFAULT_TENANT
from tests.archive.catalog.examples import NOW_US, TOKYO, recording_id

WORDS = RowWords(Reader("en", in_english), TOKYO)


def row(action: Action, detail: Mapping[str, Detail] | None = None, target: str = "") -> JournalRow:
    """What is shown of such an entry."""
    entry = Entry(
        tenant=DEFAULT_TENANT,
        at_us=NOW_US,
        actor="yamada",
        action=action,
        target=target,
        detail=detail or {},
    )
    return WORDS.row(JournalEntry(1, entry))


@pytest.mark.parametrize(
    ("action", "detail", "told"),
    [
        ("refused", {"act": "calls:search"}, ["search calls"]),
        ("refused", {"why": "not_permitted"}, ["no role has it"]),
        ("broke_glass", {"why": "the police asked"}, ["the police asked"]),
        ("searched", {"clues": ["agent たなか", "tag vip"]}, ["agent たなか, tag vip"]),
        ("searched", {"clues": ["direction inbound"]}, ["direction incoming"]),
        ("searched", {"clues": ["gist", "happened not held"]}, [
            "what it was about, what happened was not on hold"
        ]),
        ("searched", {"clues": ["number withheld", "before …c3f1"]}, [
            "number withheld, before the call …c3f1"
        ]),
        ("searched", {"clues": ["when 2026-10-19T15:00:00+00:00–2026-10-20T17:00:00+00:00"]}, [
            "when Tue 20 Oct 2026, 00:00 – Wed 21 Oct 2026, 02:00"
        ]),
        ("searched", {"from": "2026-10-29T17:00:00+09:00"}, ["Thu 29 Oct 2026, 17:00"]),
        ("searched", {"from": "soon"}, ["soon"]),
        ("role_given", {"role": "auditor", "reach": ["whole"]}, ["auditor", "everything"]),
        ("role_given", {"reach": ["queue 解約", "numbers …1099"]}, ["queue 解約, numbers …1099"]),
        ("token_created", {"scopes": ["calls:read"]}, ["see what is known of a call or recording"]),
        ("approved", {"one_person": 1}, ["yes"]),
        ("signed_in", {"with": "code"}, ["sign-in code"]),
        ("sign_in_code_made", {"until_us": NOW_US}, ["Sat 28 Nov 2026, 17:42"]),
        ("policy_taken_over", {"in_force_us": NOW_US}, ["Sat 28 Nov 2026, 17:42"]),
        ("policy_taken_over", {"retroactive": 1}, ["yes"]),
        ("hold_placed", {"by": "query", "future": 1}, ["a search", "yes"]),
        ("hold_released", {"grace_until_us": NOW_US}, ["Sat 28 Nov 2026, 17:42"]),
        ("found", {"count": 0, "note": ""}, ["0"]),
        ("corrected", {"later": "than this version"}, ["than this version"]),
    ],
)  # fmt: skip
def test_details_are_in_words_where_they_are_known_and_stand_as_they_are_where_not(
    action: Action, detail: Mapping[str, Detail], told: list[str]
) -> None:
    """Nothing that is in the journal is left out but what is empty."""
    assert [value for _, value in row(action, detail).details] == told


def test_a_name_that_is_also_a_word_is_left_as_it_is() -> None:
    """A login may be called as a role is."""
    assert row("os_name_given", {"os_name": "legal"}).details == (("login", "legal"),)


def test_what_an_entry_is_about_is_a_call_a_proposal_or_a_name() -> None:
    """Only an id leads to a call."""
    about = [row("read", target=each) for each in (str(recording_id(1)), "proposal:4", "tanaka")]

    assert [each.call for each in about] == [str(recording_id(1)), "", ""]
    assert [each.proposal for each in about] == ["", "4", ""]
