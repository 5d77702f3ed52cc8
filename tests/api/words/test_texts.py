"""Texts that people read."""

from api.words.texts import Text, as_it_is, in_english, said


def test_a_text_is_translated_before_its_placeholders_are_filled() -> None:
    """The catalogue has the source; what fills it differs from time to time."""
    text = Text(said("a body has {most} bytes"), {"most": "7"})

    assert text.told(in_english, "ja") == "a body has 7 bytes"
    assert text.told(lambda language, source: f"{language}: {source}", "ja").endswith("has 7 bytes")


def test_what_is_not_marked_stays_as_it_is() -> None:
    """Braces in it are no placeholders."""
    assert as_it_is("not {this}").told(in_english, "ja") == "not {this}"
