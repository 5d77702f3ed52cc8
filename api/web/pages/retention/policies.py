"""The pages of the retention policy: its rules in sentences, its revisions, one revision, its text.

Three moves: read, ask, show. Knows nothing of how a rule decides.
"""

from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Path, Query, Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from api.permissions.errors import InForce
from api.permissions.verbs import Verb
from api.web.http.requester import CurrentApplication
from api.web.pages.form_faults import told
from api.web.pages.forms import CurrentForm
from api.web.pages.frame import render
from api.web.pages.home import SEE_OTHER
from api.web.pages.visit import CurrentVisit
from api.words.rule_words import RuleSpeaker, RuleWords
from retention.policies.policy_file import read_policy
from retention.runner.judgement.policy_history import KnownRevision

AT: Final = "/policies"
# Of numbers that a 32-bit column holds.
Number = Annotated[int, Path(ge=0, le=2**31 - 1)]
Other = Annotated[int | None, Query(ge=0, le=2**31 - 1)]

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class PoliciesVisit:
    """Somebody at the pages of the policy."""

    request: Request
    visit: CurrentVisit
    application: CurrentApplication

    async def page(self, refused: str = "") -> Response:
        """The policy in force and its revisions; with what was refused above them."""
        known = await self.application.policies.listed(self.visit.actor)
        deciding = await self.application.policies.deciding(self.visit.actor)
        values = {
            "deciding": deciding,
            "rules": self.rules(deciding),
            "revisions": list(reversed(known)),
            "may_manage": self.visit.may(Verb.POLICY_MANAGE),
            "refused": refused,
        }
        return self.shown("policies.html", values, status=409 if refused else 200)

    async def revision(self, number: int, other: int | None) -> Response:
        """One revision, and how it differs from another: unless said, from the one before it."""
        policies, actor = self.application.policies, self.visit.actor
        known = await policies.show(actor, number)
        before = max(number - 1, 0) if other is None else other
        values = {
            "known": known,
            "rules": self.rules(known),
            "before": before,
            "numbers": [each.stored.number for each in await policies.listed(actor)],
            "difference": await policies.difference(actor, before, number),
        }
        return self.shown("policy.html", values)

    def rules(self, known: KnownRevision) -> tuple[RuleWords, ...]:
        """The rules of a revision in the language of who reads."""
        reader = self.visit.reader
        speaker = RuleSpeaker(reader.words, reader.language)
        policy = read_policy(known.stored.content.text)
        return tuple(speaker.rule(each) for each in policy.rules)

    def shown(self, template: str, values: dict[str, Any], *, status: int = 200) -> Response:
        """A page."""
        return render(self.request, template, status=status, values=values)


AtPolicies = Annotated[PoliciesVisit, Depends()]


@router.get(AT)
async def policies(at: AtPolicies) -> Response:
    """What decides now, and everything that was taken over."""
    return await at.page()


@router.get(AT + "/{number}")
async def policy(at: AtPolicies, number: Number, beside: Other = None) -> Response:
    """One revision."""
    return await at.revision(number, beside)


@router.get(AT + "/{number}/text")
async def text(at: AtPolicies, number: Number) -> Response:
    """Its text, to be kept under version control."""
    known = await at.application.policies.show(at.visit.actor, number)
    name = f"attachment; filename=policy-{number}.toml"
    return PlainTextResponse(known.stored.content.text, headers={"Content-Disposition": name})


@router.post(AT + "/{number}/call-back")
async def call_back(at: AtPolicies, number: Number, _form: CurrentForm) -> Response:
    """Take a revision back that cools off."""
    try:
        await at.application.policies.call_back(at.visit.actor, number)
    except InForce as why:
        return await at.page(told(why, at.visit.reader))
    return RedirectResponse(AT, SEE_OTHER)
