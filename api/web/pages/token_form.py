"""The form of a token: for what it is, how long, with which note; and its secret, shown once.

Knows nothing of whose token it is, nor of who may make one.
"""

from collections.abc import Mapping
from typing import Any

from api.people.tokens import DEFAULT_DAYS, Wish
from api.web.pages.form_faults import read_body
from api.web.pages.forms import Form
from api.web.tokens import TokenBody


def wish_in(form: Form, service: str | None = None) -> Wish:
    """What is wished; raises `NotUnderstood`."""
    days = form.text("days") or str(DEFAULT_DAYS)
    values: Mapping[str, Any] = {
        "service": service,
        "scopes": list(form.all("scopes")),
        # What is no number is refused as none.
        "days": int(days) if days.isascii() and days.isdigit() else days,
        "note": form.text("note"),
        "purpose": form.text("purpose"),
    }
    return read_body(TokenBody, values).wish()
