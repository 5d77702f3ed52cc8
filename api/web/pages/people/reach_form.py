"""A reach as it is typed: queues, teams, controllers and numbers, each with commas between them.

Pure. Knows nothing of who gets it.
"""

from typing import Final

from api.web.pages.forms import Form

KINDS: Final = ("queues", "teams", "controllers", "numbers")
# A Japanese keyboard has others.
_COMMAS: Final = str.maketrans({"、": ",", "，": ","})


def reach_in(form: Form) -> dict[str, list[str]]:
    """What is named of each kind; nothing named is everything."""
    return {kind: values_in(form.text(kind)) for kind in KINDS}


def values_in(text: str) -> list[str]:
    """The values between the commas."""
    return [each.strip() for each in text.translate(_COMMAS).split(",") if each.strip()]
