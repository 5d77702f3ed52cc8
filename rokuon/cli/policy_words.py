"""What is said of retention policies in tables: codes as words.

Pure but for the language. Knows the forms of `docs/openapi.json`.
"""

from rokuon.i18n import tr


def policy_words() -> dict[str, dict[str, str]]:
    """The words of codes, by the key under which they stand."""
    return {
        "asset": {
            "audio": tr("audio"),
            "metadata": tr("metadata"),
            "journal": tr("texts of the journal"),
        },
        "care": {
            "none": tr("one person is enough"),
            "two_persons": tr("another person must approve it"),
        },
        "because": {
            "shortens": tr("by its rules it may shorten"),
            "bulk": tr("many recordings would go earlier, whatever the rules say"),
        },
        "what_goes": {
            "whole": tr("all of it"),
            "audio": tr("audio"),
            "facts": tr("what was told of it"),
        },
        "event_kind": {
            "contract_end": tr("contract ended"),
            "case_closed": tr("case closed"),
            "agent_left": tr("agent left"),
        },
        "circumstance": {
            "held": tr("a legal hold protects it"),
            "frozen": tr("an open case protects it"),
            "protected": tr("past its maximum, kept by a minimum"),
            "kept_past_its_end": tr("its minimum is later than its maximum"),
            "no_end": tr("without an end date"),
            "uncovered": tr("no rule names its queue"),
            "unknown": tr("kept, for something is not known"),
        },
        "simulated_change": {
            "newly_due": tr("due at once, not today"),
            "earlier": tr("go earlier"),
            "later": tr("go later"),
        },
        "policy_state": {
            "cooling_off": tr("cools off"),
            "called_back": tr("called back"),
            "in_force": tr("in force"),
            "replaced": tr("replaced"),
        },
    }


def policy_labels() -> dict[str, str]:
    """What values in a line of their own are called."""
    return {
        "sha256": tr("SHA-256"),
        "care": tr("who decides"),
        "because": tr("because"),
        "compared_with": tr("compared with revision"),
        "told": tr("told anew"),
        "in_force_at": tr("in force from"),
    }
