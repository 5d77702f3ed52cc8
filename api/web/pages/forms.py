"""What a form sends: read, bounded, and from a page of ours by the key of its session.

Knows nothing of what is in it. `docs/signing-in.md`, Forms.
"""

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Final
from urllib.parse import parse_qsl

from fastapi import Depends, Request

from api.web.pages.visit import CurrentSession

KEY: Final = "form_key"
TYPE: Final = "application/x-www-form-urlencoded"
MAX_FIELDS: Final = 200
REACH_KINDS: Final = ("queues", "teams", "controllers", "numbers")
# A Japanese keyboard has others.
_COMMAS: Final = str.maketrans({"、": ",", "，": ","})


class FormRefused(Exception):
    """It does not come from a page of ours in this session, or is no form."""


@dataclass(frozen=True, slots=True)
class Form:
    """The fields of a form; what is not there is empty."""

    fields: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @classmethod
    def parse(cls, text: str) -> "Form":
        """Read what a browser sends, or a query; raises `FormRefused`."""
        try:
            pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=MAX_FIELDS)
        except ValueError as too_many:
            raise FormRefused("more fields than any form of ours has") from too_many
        found: dict[str, list[str]] = {}
        for name, value in pairs:
            found.setdefault(name, []).append(value)
        return cls(found)

    def text(self, name: str) -> str:
        """The one value of a field without the blanks around it; "" where there is none."""
        values = self.fields.get(name, ())
        return values[0].strip() if values else ""

    def secret(self, name: str) -> str:
        """The same as it was typed."""
        values = self.fields.get(name, ())
        return values[0] if values else ""

    def all(self, name: str) -> tuple[str, ...]:
        """All values of a field that say something."""
        return tuple(each.strip() for each in self.fields.get(name, ()) if each.strip())


def is_own_origin(request: Request) -> bool:
    """Whether a page of ours sent it, as the browser says (Fetch Metadata, else Origin)."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    own = f"{request.url.scheme}://{request.headers.get('host', '')}"
    return request.headers.get("origin") == own


def require_own(request: Request) -> None:
    """Refuse what another site has a browser fetch: it would write into the journal in a name.

    Raises `FormRefused`. A link to a page is no fetching, and stays open.
    """
    if request.headers.get("sec-fetch-site") in {"cross-site", "same-site"}:
        raise FormRefused("fetched by another site")


async def read_form(request: Request) -> Form:
    """The form of a request from a page of ours; raises `FormRefused`."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != TYPE or not is_own_origin(request):
        raise FormRefused("not from a page of this server")
    return Form.parse((await request.body()).decode("utf-8", "replace"))


def require_key(form: Form, key: str) -> None:
    """Refuse a form without the key of its page; raises `FormRefused`."""
    if not key or not hmac.compare_digest(form.secret(KEY).encode(), key.encode()):
        raise FormRefused("without the key of its session")


async def form_of(request: Request, session: CurrentSession) -> Form:
    """The form that this session's page sent; raises `StepNeeded`, `FormRefused`."""
    form = await read_form(request)
    require_key(form, session.form_key)
    return form


CurrentForm = Annotated[Form, Depends(form_of)]


def reach_in(form: Form) -> dict[str, list[str]]:
    """What is named of each kind of a reach; nothing named is everything."""
    return {kind: values_in(form.text(kind)) for kind in REACH_KINDS}


def values_in(text: str) -> list[str]:
    """The values between the commas of a field."""
    return [each.strip() for each in text.translate(_COMMAS).split(",") if each.strip()]
