"""Who is at the page of which call, and why: with a reason, where its purposes are passed by.

Knows nothing of what is then shown or played.
"""

from dataclasses import dataclass, replace
from typing import Annotated, Final

from fastapi import Depends, Request

from api.permissions.actor import Actor
from api.permissions.errors import NotFound
from api.web.http.requester import CurrentApplication
from api.web.pages.calls.break_glass import COOKIE, opened
from api.web.pages.visit import CurrentVisit
from archive.ids import ConversationId

AT: Final = "/calls/{conversation}"


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
        kept = self.request.cookies.get(COOKIE, "")
        reason = opened(kept, self.visit.signed_in.form_key, self.call, self.now_us)
        return replace(self.visit.actor, break_glass=reason)


CurrentCallVisit = Annotated[CallVisit, Depends()]
