"""What is said of retention policies beside tables.

Pure but for the language. Knows the forms of `docs/openapi.json`.
"""

from rokuon.messages.i18n import tr


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
