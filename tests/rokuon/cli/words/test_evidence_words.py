"""Codes of evidence, in words."""

from typing import get_args

import pytest

from archive.call.direction import AGENT_TABLE
from archive.call.events import SideBecause
from rokuon.cli.words.evidence_words import evidence_words, stray_words
from rokuon.messages import i18n


def test_whatever_decided_a_side_is_said_in_words() -> None:
    """Who reads it decides whether to believe it."""
    shown = {*get_args(SideBecause), AGENT_TABLE} - {"played"}

    assert shown <= set(evidence_words())
    assert evidence_words()["first_stream"].endswith("(a guess)")


@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_codec_that_nobody_agreed_on_is_named_with_the_way_to_its_packets(
    language: str,
) -> None:
    """A name alone does not say what to do where there is nothing to hear."""
    i18n.speak(language)
    said = stray_words("G721")
    i18n.speak("en")

    assert "G721" in said
    assert "calls export --format pcap" in said
    assert said.isascii() is (language == "en")
