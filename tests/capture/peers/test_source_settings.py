"""What a source is unless something is said of it."""

from capture.peers.source_settings import SourceTerms


def test_a_source_of_which_nothing_is_said_is_taken_as_most_are() -> None:
    """Keys in the clear are flagged, plain media taken, nothing is passed on by its wish."""
    terms = SourceTerms(name="pbx")

    assert (terms.mode, terms.srtp, terms.keys_in_clear) == ("siprec", "accept", "flag")
    assert (terms.strict, terms.keep_anything, terms.pause_by_header) == (False, False, False)
    assert terms.pause_max_s == 600
