"""Who is at the page of which call, and why: with a reason, where its purposes are passed by.

Knows nothing of what is then shown or played.
"""

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, replace
from typing import Annotated, Final

from fastapi import Depends, Request

from api.permissions.actor import Actor
from api.permissions.errors import NotFound
from api.web.http.requester import CurrentApplication
from api.web.pages.visit import CurrentVisit
from archive.ids import ConversationId

AT: Final = "/calls/{conversation}"
GLASS_COOKIE: Final = "rokuon-glass"
# As long as somebody sits before one call; it ends with the session, too.
GLASS_KEPT_S: Final = 3_600
_US: Final = 1_000_000


async def call_of(conversation: str) -> ConversationId:
    """The call in the address; raises `NotFound` for what is no id."""
    try:
        return ConversationId.parse(conversation)
    except ValueError as no_id:
        raise NotFound("no such call") from no_id


CurrentCall = Annotated[ConversationId, Depends(call_of)]


@dataclass(frozen=True, slots=True)
class CallVisit:
    """A person at the page of a call, or at what belongs to it."""

    request: Request
    visit: CurrentVisit
    call: CurrentCall
    application: CurrentApplication

    @property
    def path(self) -> str:
        """The address of the call's page."""
        return AT.format(conversation=self.call)

    @property
    def now_us(self) -> int:
        """When it is asked, in µs since 1970 UTC."""
        return self.application.calls.door.clock_us()

    @property
    def actor(self) -> Actor:
        """Who acts: with the reason that was given for this call, if any."""
        kept = self.request.cookies.get(GLASS_COOKIE, "")
        reason = open_reason(kept, self.visit.signed_in.form_key, self.call, self.now_us)
        return replace(self.visit.actor, break_glass=reason)


CurrentCallVisit = Annotated[CallVisit, Depends()]


def seal_reason(reason: str, key: str, call: ConversationId, now_us: int) -> str:
    """The reason for which somebody passes by the purposes of one call, as the browser keeps it.

    It is the person's own word and no secret; it is sealed with its end and the key of the
    session's forms, so that no other place can put it there, and no browser keep it for longer.
    """
    packed = urlsafe_b64encode(reason.encode()).decode()
    until = f"{packed}.{now_us + GLASS_KEPT_S * _US}"
    return f"{until}.{_seal(until, key, call)}"


def open_reason(kept: str, key: str, call: ConversationId, now_us: int) -> str:
    """The reason that the browser kept; "" past its end, or of another session or call."""
    until, _, seal = kept.rpartition(".")
    if not key or not hmac.compare_digest(seal.encode(), _seal(until, key, call).encode()):
        return ""
    packed, _, end_us = until.partition(".")
    return urlsafe_b64decode(packed).decode() if now_us < int(end_us) else ""


def _seal(until: str, key: str, call: ConversationId) -> str:
    return hmac.digest(key.encode(), f"{until}.{call}".encode(), hashlib.sha256).hex()
