"""The form of a token: for what it is, how long, with which note; and its secret, shown once.

Knows nothing of whose token it is, nor of who may make one.
"""

from collections.abc import Mapping
from typing import Any, Final

from fastapi import Request

from api.people.tokens import DEFAULT_DAYS, TokenWish
from api.permissions.errors import (
    OneTimeRefused,
    PasswordWanted,
    SignInBusy,
    SignInRefused,
    TooManyRequests,
)
from api.services import Application
from api.web.pages.cookies import client_of
from api.web.pages.form_faults import read_body
from api.web.pages.forms import Form
from api.web.pages.visit import Visit
from api.web.people.tokens import TokenBody

# Why it does not come to a token: the person has not shown that it is the person.
NOT_SHOWN: Final = (OneTimeRefused, PasswordWanted, SignInBusy, SignInRefused, TooManyRequests)


async def show_password(
    request: Request, visit: Visit, application: Application, form: Form
) -> None:
    """Show what stands in the form of what the person signs in by, where that was too long ago.

    Raises one of `NOT_SHOWN`.
    """
    if not visit.signed_in.is_shown:
        one_time = form.text("one_time").replace(" ", "")
        steps, client = application.steps, client_of(request)
        await steps.show_again(visit.signed_in, form.secret("present"), one_time, client)


def wish_in(form: Form, service: str | None = None) -> TokenWish:
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
