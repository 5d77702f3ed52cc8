"""The words of codes about certificates."""

from retention.certificates.inspection import Need, Subject, Verdict
from rokuon.cli.words.retention_words import certificate_words


def test_every_code_has_a_word() -> None:
    """None is left for people to guess."""
    words = certificate_words()

    assert set(words["checked"]) == set(Subject)
    assert set(words["verdict"]) == set(Verdict)
    assert set(words["need"]) == set(Need)
