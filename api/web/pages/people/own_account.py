"""Everybody's own page: language, zone, purpose, what proves one, sessions, tokens.

Three moves: read, ask, show. A secret is shown on the answer to its form and nowhere else.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any, Final
from zoneinfo import available_timezones

from fastapi import APIRouter, Depends, Request
from starlette.responses import RedirectResponse, Response

from api.people.tokens import Token
from api.permissions.errors import (
    OneTimeRefused,
    PasswordRefused,
    SignInBusy,
    SignInRefused,
    TooManyRequests,
)
from api.permissions.verbs import Verb
from api.sign_in.enrolment import AppOffer, NewPassword
from api.sign_in.terms import SignInStep
from api.web.http.own_zone import ZONE
from api.web.http.parameter_types import Row
from api.web.http.requester import CurrentApplication
from api.web.pages.cookies import client_of
from api.web.pages.form_faults import BESIDE, NOTHING, NotUnderstood, Refusal, refusal_of
from api.web.pages.forms import CurrentForm, Form
from api.web.pages.frame import render
from api.web.pages.home import SEE_OTHER
from api.web.pages.navigation import OWN as AT
from api.web.pages.people.enrolment import picture_of
from api.web.pages.people.sign_in import go_on
from api.web.pages.people.token_form import NOT_SHOWN, show_password, wish_in
from api.web.pages.preferences import keep
from api.web.pages.visit import CurrentVisit
from api.words.texts import Text, said
from archive.access.query import QueryRefused, zone_named

# What is said of a form that was carried out, by what the address names.
DONE: Final = {
    "zone": said("Times are shown in this zone from now on."),
    "password": said("The password is set. All your other sessions have ended."),
    "app": said("The app is set. The one before counts no more."),
}
_TRIED: Final = (OneTimeRefused, PasswordRefused, SignInBusy, SignInRefused, TooManyRequests)

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class OwnVisit:
    """Somebody at its own page."""

    request: Request
    visit: CurrentVisit
    application: CurrentApplication

    async def page(self, refusal: Refusal = NOTHING, offer: AppOffer | None = None) -> Response:
        """The page; with what was refused beside its form, and an app that waits to be proved."""
        session = self.visit.signed_in
        values: dict[str, Any] = {
            "refusal": refusal,
            "done": DONE.get(self.request.query_params.get("done", ""), ""),
            "has": await self.application.enrolment.state(session),
            "offer": offer,
            "picture": "" if offer is None else picture_of(offer),
            "sessions": await self.application.sessions.listed(session),
            "own": session.number,
            "zone": self.visit.zone.key,
            "zones": zones(),
            "may_have_tokens": self.visit.may(Verb.OWN_TOKENS),
            "tokens": await self._tokens(),
            "scopes": [verb for verb in Verb if self.visit.may(verb)],
        }
        return render(self.request, "me.html", status=422 if refusal.form else 200, values=values)

    async def _tokens(self) -> list[Token]:
        """One's own alone, also where one sees everybody's."""
        actor = self.visit.actor
        if not self.visit.may(Verb.OWN_TOKENS):
            return []
        listed = await self.application.tokens.listed(actor)
        return [each for each in listed if each.holder == actor.account.name]

    def refused(self, which: str, form: Form, why: Exception) -> Refusal:
        """What is said beside a form."""
        if isinstance(why, SignInRefused):
            wrong = self.visit.reader.told(Text(said("The present password is wrong.")))
            return Refusal(form=which, typed=form, told=wrong)
        return refusal_of(which, form, why, self.visit.reader)

    async def after(self, which: str, form: Form, act: Awaitable[object]) -> Response:
        """The page anew when an act is done; where it is refused, with the reason."""
        try:
            await act
        except BESIDE as why:
            return await self.page(self.refused(which, form, why))
        return RedirectResponse(AT, SEE_OTHER)

    async def step(
        self, which: str, form: Form, take: Callable[[], Awaitable[SignInStep]]
    ) -> Response:
        """Go on with the session that a step begins; where it is refused, with the reason."""
        try:
            step = await take()
        except _TRIED as why:
            offer = None
            if which == "app":
                offer = await self.application.enrolment.offered_app(self.visit.signed_in)
            return await self.page(self.refused(which, form, why), offer)
        return go_on(self.request, step, f"{AT}?done={which}")


AtMe = Annotated[OwnVisit, Depends()]


def zones() -> list[str]:
    """The zones that people are in, by name."""
    return sorted(each for each in available_timezones() if "/" in each)


@router.get(AT)
async def me(at: AtMe) -> Response:
    """Everything that is one's own."""
    return await at.page()


@router.post(AT + "/zone")
async def zone(at: AtMe, form: CurrentForm) -> Response:
    """Choose the zone of the pages; the browser keeps it. Nothing typed: the installation's."""
    wanted = form.text("zone")
    try:
        kept = zone_named(wanted).key if wanted else ""
    except QueryRefused:
        wrong = at.visit.reader.told(Text(said("There is no such zone; e.g. Asia/Tokyo.")))
        return await at.page(Refusal(form="zone", typed=form, wrong={"zone": wrong}))
    answer = RedirectResponse(f"{AT}?done=zone", SEE_OTHER)
    keep(answer, ZONE, kept, secure=at.request.url.scheme == "https")
    return answer


@router.post(AT + "/password")
async def password(at: AtMe, form: CurrentForm) -> Response:
    """Set another password."""
    if form.secret("password") != form.secret("again"):
        wrong = at.visit.reader.told(Text(said("The two are different.")))
        return await at.page(Refusal(form="password", typed=form, wrong={"again": wrong}))
    wish = NewPassword(wanted=form.secret("password"), present=form.secret("present"))
    enrolment, session = at.application.enrolment, at.visit.signed_in
    client = client_of(at.request)
    return await at.step("password", form, lambda: enrolment.set_password(session, wish, client))


@router.post(AT + "/app")
async def begin_app(at: AtMe, form: CurrentForm) -> Response:
    """Begin another app: it counts when one of its passwords was typed."""
    enrolment, session = at.application.enrolment, at.visit.signed_in
    try:
        offer = await enrolment.begin_app(session, client_of(at.request), form.secret("present"))
    except _TRIED as why:
        return await at.page(at.refused("begin", form, why))
    return await at.page(offer=offer)


@router.post(AT + "/app/confirm")
async def confirm_app(at: AtMe, form: CurrentForm) -> Response:
    """Put the app in force that was begun."""
    enrolment, session = at.application.enrolment, at.visit.signed_in
    one_time, client = form.text("one_time").replace(" ", ""), client_of(at.request)
    return await at.step("app", form, lambda: enrolment.confirm_app(session, one_time, client))


@router.post(AT + "/sessions/{session}/end")
async def end(at: AtMe, session: Row, form: CurrentForm) -> Response:
    """End one of one's sessions."""
    ended = at.application.sessions.end(at.visit.signed_in, session)
    return await at.after("sessions", form, ended)


@router.post(AT + "/other-sessions/end")
async def end_others(at: AtMe, form: CurrentForm) -> Response:
    """End all of one's sessions but this one."""
    return await at.after("sessions", form, at.application.sessions.end_others(at.visit.signed_in))


@router.post(AT + "/tokens")
async def issue(at: AtMe, form: CurrentForm) -> Response:
    """Make a token of one's own."""
    try:
        wish = wish_in(form)
        if at.visit.may(Verb.OWN_TOKENS):
            await show_password(at.request, at.visit, at.application, form)
        made = await at.application.tokens.issue(at.visit.actor, wish)
    except (*BESIDE, *NOT_SHOWN, NotUnderstood) as why:
        return await at.page(at.refused("token", form, why))
    return render(at.request, "token.html", status=201, values={"issued": made, "back": AT})


@router.post(AT + "/tokens/{token}/revoke")
async def revoke(at: AtMe, token: Row, form: CurrentForm) -> Response:
    """End a token of one's own."""
    return await at.after("tokens", form, at.application.tokens.revoke(at.visit.actor, token))
