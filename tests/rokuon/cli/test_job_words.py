"""The words of jobs."""

from archive.job_queue import JobKind
from archive.jobs import State
from rokuon import i18n
from rokuon.cli.job_words import job_words


def test_every_kind_and_state_has_a_word_in_both_languages() -> None:
    """A code in a table of words is a word that nobody has translated."""
    before = i18n.language()
    said = {}
    for language in ("en", "ja"):
        i18n.speak(language)
        said[language] = job_words()
    i18n.speak(before)

    assert set(said["en"]["job_kind"]) == {each.value for each in JobKind}
    assert set(said["en"]["job_state"]) == {each.value for each in State} | {"stopping"}
    for key, words in said["en"].items():
        assert not set(words.values()) & set(said["ja"][key].values())
