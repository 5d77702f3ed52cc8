"""What a row of the ledger says of a call that was turned away: why, where, and in which words.

Pure, of one event. Knows nothing of SIP or of the catalog.
"""

from archive.events import CallRefused


def told_of(refused: CallRefused) -> str:
    """Return what was wrong, the header that said it with its words, and the clause."""
    said = f"{refused.header}: {refused.excerpt}" if refused.header else ""
    told = "; ".join(each for each in (refused.detail, said) if each)
    clause = f"({refused.clause})" if refused.clause else ""
    return " ".join(each for each in (told, clause) if each)
