"""Codes of evidence and of ends, in words."""

from typing import get_args

from archive.direction import AGENT_TABLE
from archive.events import EndReason, SideBecause
from rokuon.cli.evidence_words import end_words, evidence_words


def test_whatever_decided_a_side_is_said_in_words() -> None:
    """Who reads it decides whether to believe it."""
    shown = {*get_args(SideBecause), AGENT_TABLE} - {"played"}

    assert shown <= set(evidence_words())
    assert evidence_words()["first_stream"].endswith("(a guess)")


def test_every_end_is_a_sentence() -> None:
    """`media_timeout` tells nobody that nobody hung up."""
    assert set(end_words()) == set(get_args(EndReason))
    assert all(" " in words for words in end_words().values())
