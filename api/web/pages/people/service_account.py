"""The page of one service: its reach, its tokens, and a new one, which may take two persons.

Three moves: read, ask, show. The address may hold what a token is to be for, never a secret.
"""

from dataclasses import dataclass
from typing import Annotated, Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Path, Request
from starlette.responses import RedirectResponse, Response

from api.people.service_tokens import NOT_FOR_SERVICES, ON_ONE_WORD
from api.permissions.errors import ApprovalNeeded
from api.permissions.verbs import Verb
from api.web.http.parameter_types import Row
from api.web.http.requester import CurrentApplication
from api.web.pages.form_faults import BESIDE, NOTHING, NotUnderstood, Refusal, refusal_of
from api.web.pages.forms import CurrentForm, Form
from api.web.pages.frame import render
from api.web.pages.home import SEE_OTHER
from api.web.pages.people.token_form import NOT_SHOWN, show_password, wish_in
from api.web.pages.people.users import AT as PEOPLE
from api.web.pages.visit import CurrentVisit
from archive.catalog.accounts.persons import NAME_PATTERN, SERVICE_PREFIX, UnknownAccount

AT: Final = PEOPLE + "/" + SERVICE_PREFIX + "{service}"
_FIELDS: Final = ("scopes", "days", "note", "purpose")

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class ServiceVisit:
    """Somebody at the page of a service."""

    request: Request
    service: Annotated[str, Path(pattern=f"^{NAME_PATTERN}$")]
    visit: CurrentVisit
    application: CurrentApplication

    @property
    def path(self) -> str:
        """Where the page is."""
        return f"{PEOPLE}/{SERVICE_PREFIX}{self.service}"

    async def page(
        self, refusal: Refusal = NOTHING, waits_for: int = 0, keep: str = ""
    ) -> Response:
        """The page; `waits_for` is a proposal that must be approved first, `keep` the form's
        address for afterwards.
        """
        listed = await self.application.tokens.services(self.visit.actor)
        found = next((each for each in listed if each.name == self.service), None)
        if found is None:
            raise UnknownAccount("no such service")
        tokens = await self.application.tokens.listed(self.visit.actor)
        values: dict[str, Any] = {
            "service": found,
            "tokens": [each for each in tokens if each.holder == SERVICE_PREFIX + found.name],
            "may_manage": self.visit.may(Verb.PEOPLE_MANAGE),
            "scopes": [verb for verb in Verb if verb not in NOT_FOR_SERVICES],
            "on_one_word": await self._on_one_word(),
            "refusal": refusal,
            "waits_for": waits_for,
            "keep": keep,
        }
        status = 409 if waits_for else 422 if refusal.wrong or refusal.told else 200
        return render(self.request, "service.html", status=status, values=values)

    async def _on_one_word(self) -> frozenset[Verb]:
        """What a service gets without another person's word."""
        approvals, actor = self.application.approvals, self.visit.actor
        may_ask = self.visit.may(Verb.APPROVE) or self.visit.may(Verb.PROPOSE)
        is_enough = may_ask and await approvals.is_one_person_enough(actor)
        return frozenset(Verb) if is_enough else ON_ONE_WORD


AtService = Annotated[ServiceVisit, Depends()]


@router.get(AT)
async def service(at: AtService) -> Response:
    """The service, with a form that is filled as the address says."""
    return await at.page(Refusal(form="token", typed=Form.parse(at.request.url.query)))


@router.post(AT + "/tokens")
async def issue(at: AtService, form: CurrentForm) -> Response:
    """Make a token, or propose it where that takes another person's word."""
    try:
        wish = wish_in(form, at.service)
        if at.visit.may(Verb.PEOPLE_MANAGE):
            await show_password(at.request, at.visit, at.application, form)
        made = await at.application.service_tokens.issue(at.visit.actor, at.service, wish)
    except ApprovalNeeded as needed:
        keep = urlencode([(name, each) for name in _FIELDS for each in form.all(name)])
        typed = Refusal(form="token", typed=form)
        return await at.page(typed, waits_for=needed.number, keep=f"{at.path}?{keep}")
    except (*BESIDE, *NOT_SHOWN, NotUnderstood) as why:
        return await at.page(refusal_of("token", form, why, at.visit.reader))
    values = {"issued": made, "back": at.path}
    return render(at.request, "token.html", status=201, values=values)


@router.post(AT + "/tokens/{token}/revoke")
async def revoke(at: AtService, token: Row, form: CurrentForm) -> Response:
    """End a token of the service."""
    try:
        await at.application.tokens.revoke(at.visit.actor, token)
    except BESIDE as why:
        return await at.page(refusal_of("tokens", form, why, at.visit.reader))
    return RedirectResponse(at.path, SEE_OTHER)
