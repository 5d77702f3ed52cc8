"""The page of one person: roles, logins, how it signs in, tokens, and its end.

Three moves: read, ask, show. A sign-in code is shown on the answer to its form and nowhere else.
"""

from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request
from starlette.responses import RedirectResponse, Response

from api.permissions.roles import Role
from api.permissions.verbs import Verb
from api.web.http.parameter_types import NameText, Row
from api.web.http.requester import CurrentApplication
from api.web.pages.form_faults import BESIDE, NOTHING, NotUnderstood, Refusal, read_body, refusal_of
from api.web.pages.forms import REACH_KINDS, CurrentForm, Form, reach_in
from api.web.pages.frame import render
from api.web.pages.home import SEE_OTHER
from api.web.pages.people.token_form import NOT_SHOWN, show_password
from api.web.pages.people.users import AT as PEOPLE
from api.web.pages.visit import CurrentVisit
from api.web.people.users import OsNameBody, OsNameText, RoleBody

AT: Final = PEOPLE + "/{name}"

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class PersonVisit:
    """Somebody at the page of a person."""

    request: Request
    name: NameText
    visit: CurrentVisit
    application: CurrentApplication

    async def page(self, refusal: Refusal = NOTHING) -> Response:
        """The page; with what was refused beside its form."""
        found = await self.application.users.show(self.visit.actor, self.name)
        tokens = await self.application.tokens.listed(self.visit.actor)
        values: dict[str, Any] = {
            "person": found,
            "tokens": [each for each in tokens if each.holder == found.name],
            "may_manage": self.visit.may(Verb.PEOPLE_MANAGE) and found.disabled_us is None,
            "roles": tuple(Role),
            "kinds": REACH_KINDS,
            "refusal": refusal,
        }
        status = 422 if refusal.form else 200
        return render(self.request, "person.html", status=status, values=values)

    async def after(self, which: str, form: Form, act: Awaitable[object]) -> Response:
        """The page anew when an act is done; where it is refused, with the reason."""
        try:
            await act
        except (*BESIDE, *NOT_SHOWN, NotUnderstood) as why:
            return await self.page(refusal_of(which, form, why, self.visit.reader))
        return RedirectResponse(f"{PEOPLE}/{self.name}", SEE_OTHER)

    async def show_password(self, form: Form) -> None:
        """What is made outlasts the session; who may not is refused without that."""
        if self.visit.may(Verb.PEOPLE_MANAGE):
            await show_password(self.request, self.visit, self.application, form)


AtPerson = Annotated[PersonVisit, Depends()]


@router.get(AT)
async def person(at: AtPerson) -> Response:
    """All that a person was given."""
    return await at.page()


@router.post(AT + "/roles")
async def give_role(at: AtPerson, form: CurrentForm) -> Response:
    """Give a role within a reach."""

    async def given() -> None:
        body = read_body(RoleBody, {"role": form.text("role"), **reach_in(form)})
        await at.application.users.give_role(at.visit.actor, at.name, body.role, body.rule())

    return await at.after("role", form, given())


@router.post(AT + "/roles/{gift}/take")
async def take_role(at: AtPerson, gift: Row, form: CurrentForm) -> Response:
    """Take a role away."""
    taken = at.application.users.take_role(at.visit.actor, at.name, gift)
    return await at.after("role", form, taken)


@router.post(AT + "/os-names")
async def give_os_name(at: AtPerson, form: CurrentForm) -> Response:
    """Let a user of the operating system be this person."""

    async def given() -> None:
        body = read_body(OsNameBody, {"os_name": form.text("os_name")})
        await at.show_password(form)
        await at.application.users.give_os_name(at.visit.actor, at.name, body.os_name)

    return await at.after("os_name", form, given())


@router.post(AT + "/os-names/{os_name}/take")
async def take_os_name(at: AtPerson, os_name: OsNameText, form: CurrentForm) -> Response:
    """Let a user of the operating system be nobody again."""
    taken = at.application.users.take_os_name(at.visit.actor, at.name, os_name)
    return await at.after("os_name", form, taken)


@router.post(AT + "/sign-in-code")
async def make_code(at: AtPerson, form: CurrentForm) -> Response:
    """Make a sign-in code; where it is asked, all that the person signs in by ends before."""
    codes = at.application.sign_in_codes
    make = codes.reset if form.text("reset") else codes.issue
    try:
        await at.show_password(form)
        made = await make(at.visit.actor, at.name)
    except (*BESIDE, *NOT_SHOWN) as why:
        return await at.page(refusal_of("code", form, why, at.visit.reader))
    values = {"name": at.name, "made": made}
    return render(at.request, "code.html", status=201, values=values)


@router.post(AT + "/tokens/{token}/revoke")
async def revoke(at: AtPerson, token: Row, form: CurrentForm) -> Response:
    """End a token of the person."""
    revoked = at.application.tokens.revoke(at.visit.actor, token)
    return await at.after("tokens", form, revoked)


@router.get(AT + "/disable")
async def ask_to_disable(at: AtPerson) -> Response:
    """Say what follows, and ask again."""
    found = await at.application.users.show(at.visit.actor, at.name)
    return render(at.request, "disable.html", values={"person": found})


@router.post(AT + "/disable")
async def disable(at: AtPerson, form: CurrentForm) -> Response:
    """End the person's standing for good."""
    return await at.after("disable", form, at.application.users.disable(at.visit.actor, at.name))
