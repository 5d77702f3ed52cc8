"""A notice as a row."""

from archive.events import NoticePlayed
from archive.notices import Notice
from rokuon.compose.notices import notice_row
from tests.archive.catalog.examples import notice_played, notice_reported


def test_what_is_not_known_is_empty() -> None:
    """Nothing has left, and nobody has reported: no time of 1970, and no loss of none."""
    sent = NoticePlayed(
        at_us=1, to="callee", prompt="n", language="", wording_sha256="", wording="",
        outcome="failed", stream=3, from_us=0, until_us=0, packets=0, sent_ms=0, whole_ms=2_000,
    )  # fmt: skip
    row = notice_row(Notice(sent=sent, word=None, outcome="failed"))

    assert (row["from"], row["until"], row["lost"], row["discarded"]) == ("", "", "", "")
    assert (row["reports"], row["through"], row["outcome"]) == (0, False, "failed")


def test_what_a_party_reported_is_there() -> None:
    """How many reports, and what they say is missing."""
    row = notice_row(Notice(sent=notice_played(), word=notice_reported(3), outcome="complete"))

    assert (row["reports"], row["through"], row["lost"], row["packets"]) == (1, True, 3, 100)
