"""What is proposed, as an English reader has it."""

from api.access.known_proposals import Known
from api.words.proposal_summaries import told
from api.words.texts import in_english


def in_words(summary: str) -> str:
    """Line by line."""
    return told(summary, in_english, "en")


def proposed_in_words(known: Known) -> str:
    """Of a proposal."""
    return in_words(known.proposal.summary)
