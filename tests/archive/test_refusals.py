"""A row of the ledger says what was wrong with a call, where, and by which clause."""

import pytest

from archive.events import CallRefused
from archive.refusals import told_of


def refused(**told: str) -> CallRefused:
    return CallRefused(
        at_us=1, source="pbx", transport="udp", peer="192.0.2.1", call_id="c", from_value="",
        to_value="", status=400, reason="refused by SIP", **told,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        (
            {"detail": "no bracket", "header": "Contact", "excerpt": "<sip:a@b", "clause": "§25.1"},
            "no bracket; Contact: <sip:a@b (§25.1)",
        ),
        ({"detail": "spool bytes"}, "spool bytes"),
        ({"header": "Require", "excerpt": "x", "clause": "§8.2.2.3"}, "Require: x (§8.2.2.3)"),
        ({}, ""),
    ],
)
def test_a_row_says_what_is_known_and_nothing_else(told: dict[str, str], shown: str) -> None:
    """Rows of before this was written have their detail alone."""
    assert told_of(refused(**told)) == shown
