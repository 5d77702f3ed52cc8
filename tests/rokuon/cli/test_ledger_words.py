"""The words of the ledger."""

from archive.fates import Fate, Reason
from rokuon.cli.ledger_words import fate_words, reason_words
from rokuon.cli.words import cell


def test_every_fate_and_every_reason_has_its_word() -> None:
    """One list in the archive, one of words; a code without a word is half a sentence."""
    assert set(fate_words()) == set(Fate)
    assert set(reason_words()) == set(Reason) - {Reason.NONE}


def test_a_party_that_refused_is_not_a_call_that_was_refused() -> None:
    """Both are the code `refused`: the one is a reason, the other a fate."""
    assert cell("reason", Reason.PARTY_REFUSED) != cell("fate", Fate.REFUSED)


def test_what_an_older_version_wrote_is_shown_as_it_is() -> None:
    """A row is evidence; it is not lost because nobody writes its reason any more."""
    assert cell("reason", "memory of live calls") == "memory of live calls"
