"""Checks of what letters are set in."""

from dataclasses import replace

from rokuon.doctor.letters import fonts
from rokuon.messages.check_result import Severity
from tests.rokuon.doctor.examples import found, healthy


def test_a_font_that_is_missing_is_named_with_the_package_that_has_it() -> None:
    """Letters come without rare kanji, or not at all."""
    facts = replace(healthy(), letter_fonts_missing=("IPAmjMincho",))
    result = fonts(facts)

    assert found(facts) == [("LETT-001", Severity.WARNING)]
    assert result.measured == "letter_font_missing: IPAmjMincho"
    assert result.fix == "apt-get install fonts-ipamj-mincho"


def test_who_sets_no_letters_needs_no_fonts() -> None:
    """The extra is not installed: that is no finding."""
    assert found(replace(healthy(), letter_fonts_missing=None)) == []
