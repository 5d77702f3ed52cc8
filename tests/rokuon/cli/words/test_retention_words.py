"""The words of retention at a terminal."""

from api.words.retention_values import RETENTION
from rokuon.cli.words.retention_words import retention_words
from rokuon.cli.words.values import cell
from rokuon.messages import i18n


def test_a_terminal_has_the_words_of_the_pages_in_both_languages() -> None:
    """A code in a table of words is a word that nobody has translated."""
    before = i18n.language()
    said = {}
    for language in ("en", "ja"):
        i18n.speak(language)
        said[language] = retention_words()
    i18n.speak(before)

    assert {key: said["en"][key] for key in RETENTION} == RETENTION
    for key, words in said["en"].items():
        assert not set(words.values()) & set(said["ja"][key].values()), key


def test_a_cell_says_why_a_recording_is_overdue_and_where_its_plan_stands() -> None:
    """Who reads the list at a terminal does not look codes up in the documents."""
    assert cell("overdue", "not_approved") == "its plan waits for another person's word"
    assert cell("plan_state", "clock") == "waits: the clock was set; somebody has to look"
