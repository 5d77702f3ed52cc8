"""What is proposed: kept as values, told in the words of who reads it."""

from api.words.proposal_summaries import SummaryLine, kept, plain, told
from api.words.texts import in_english
from rokuon.messages.i18n import words_in

DESTROY = kept(
    SummaryLine("destroy {recordings} recordings ({size})", {"recordings": 7891, "size": 5 << 30}),
    plain("+delete_after = {}"),
)


def test_what_is_proposed_is_told_in_the_language_of_who_reads_it() -> None:
    """Counts and sizes as people read them; what is in no language stays."""
    assert told(DESTROY, in_english, "en") == (
        "destroy 7,891 recordings (5.0 GiB)\n+delete_after = {}"
    )
    assert told(DESTROY, words_in, "ja").startswith("録音 7,891 件(5.0 GiB)の廃棄\n")


def test_proposals_of_before_stay_as_they_were_written() -> None:
    """English sentences, also one that happens to be JSON."""
    for text in ("destroy 3 recordings, plan 5cab", "12", '{"a": 1}'):
        assert told(text, in_english, "ja") == text
