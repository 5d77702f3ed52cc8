"""The page of people: who there is with which roles, which services, and both made anew.

Three moves: read, ask, show. A sign-in code is shown on the answer to its form and nowhere else.
"""

from typing import Any, Final

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from api.people.tokens import Token
from api.permissions.roles import Role
from api.permissions.verbs import Verb
from api.web.http.requester import CurrentApplication
from api.web.pages.form_faults import BESIDE, NOTHING, NotUnderstood, Refusal, read_body, refusal_of
from api.web.pages.forms import REACH_KINDS, CurrentForm, reach_in
from api.web.pages.frame import render
from api.web.pages.home import SEE_OTHER
from api.web.pages.visit import CurrentVisit, Visit
from api.web.people.tokens import ServiceBody
from api.web.people.users import RoleBody, UserBody
from archive.catalog.accounts.persons import SERVICE_PREFIX

AT: Final = "/people"

router = APIRouter(include_in_schema=False)


@router.get(AT)
async def people(
    request: Request, visit: CurrentVisit, application: CurrentApplication
) -> Response:
    """Everybody, and every service."""
    return await _page(request, visit, application, NOTHING)


@router.post(AT)
async def add(
    request: Request, form: CurrentForm, visit: CurrentVisit, application: CurrentApplication
) -> Response:
    """Make a person with a first role, and show the code with which it signs in."""
    name = form.text("name")
    try:
        body = read_body(UserBody, {"name": name, "purpose": form.text("purpose")})
        role = form.text("role")
        gift = read_body(RoleBody, {"role": role, **reach_in(form)}) if role else None
        rule = None if gift is None else gift.rule()
        await application.users.add(visit.actor, body.name, body.purpose)
        if gift is not None and rule is not None:
            await application.users.give_role(visit.actor, body.name, gift.role, rule)
        code = await application.sign_in_codes.issue(visit.actor, body.name)
    except (*BESIDE, NotUnderstood) as why:
        refusal = refusal_of("add", form, why, visit.reader)
        return await _page(request, visit, application, refusal)
    return render(request, "code.html", status=201, values={"name": name, "made": code})


@router.post(AT + "/services")
async def add_service(
    request: Request, form: CurrentForm, visit: CurrentVisit, application: CurrentApplication
) -> Response:
    """Make a service, which has no token yet."""
    try:
        body = read_body(ServiceBody, {"name": form.text("name"), **reach_in(form)})
        await application.tokens.add_service(visit.actor, body.name, body.rule())
    except (*BESIDE, NotUnderstood) as why:
        refusal = refusal_of("service", form, why, visit.reader)
        return await _page(request, visit, application, refusal)
    return RedirectResponse(f"{AT}/{SERVICE_PREFIX}{body.name}", SEE_OTHER)


async def _page(
    request: Request, visit: Visit, application: CurrentApplication, refusal: Refusal
) -> Response:
    found = await application.users.listed(visit.actor)
    tokens = await application.tokens.listed(visit.actor)
    values: dict[str, Any] = {
        "standing": [each for each in found if each.disabled_us is None],
        "disabled": [each for each in found if each.disabled_us is not None],
        "services": await application.tokens.services(visit.actor),
        "tokens_of": _counted(tokens),
        "may_manage": visit.may(Verb.PEOPLE_MANAGE),
        "roles": tuple(Role),
        "kinds": REACH_KINDS,
        "refusal": refusal,
    }
    return render(request, "people.html", status=422 if refusal.form else 200, values=values)


def _counted(tokens: tuple[Token, ...]) -> dict[str, int]:
    """How many tokens each account has, as the journal names it."""
    holders = [each.holder for each in tokens]
    return {each: holders.count(each) for each in set(holders)}
