"""The page on which somebody writes a policy: checked, and taken over as another one's word allows.

Three moves: read, ask, show. Knows nothing of how a rule decides.
"""

from dataclasses import dataclass, replace
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request
from starlette.responses import RedirectResponse, Response

from api.permissions.errors import ApprovalNeeded, PersonNeeded
from api.permissions.verbs import Verb
from api.retention.policy_takeover import CheckedPolicy, PolicyWish
from api.web.http.requester import CurrentApplication
from api.web.pages.form_faults import told
from api.web.pages.forms import CurrentForm, Form
from api.web.pages.frame import render
from api.web.pages.home import SEE_OTHER
from api.web.pages.visit import CurrentVisit
from api.words.finding_words import finding_told
from api.words.policy_flaw_words import place_of, what_is_wrong
from retention.rules.errors import PolicyRefused
from retention.rules.policy_flaws import PolicyFault

AT: Final = "/policy-draft"

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultRow:
    """What is wrong with a text: in which line (0: not known), where in it, and what."""

    line: int
    place: str
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyDraft:
    """What stands in the form, and what was said of it."""

    text: str
    is_retroactive: bool = False
    faults: tuple[FaultRow, ...] = ()
    checked: CheckedPolicy | None = None
    proposal: int = 0
    refused: str = ""

    @classmethod
    def of(cls, form: Form) -> "PolicyDraft":
        """What was sent; a browser ends lines with CR LF."""
        text = form.secret("text").replace("\r\n", "\n")
        return cls(text=text, is_retroactive=bool(form.text("retroactive")))

    @property
    def wish(self) -> PolicyWish:
        """The same for the use case."""
        return PolicyWish(text=self.text, is_retroactive=self.is_retroactive)


@dataclass(frozen=True, slots=True)
class PolicyDraftVisit:
    """Somebody who writes a policy."""

    request: Request
    visit: CurrentVisit
    application: CurrentApplication

    def page(self, draft: PolicyDraft) -> Response:
        """The form with what was said of it."""
        values: dict[str, Any] = {
            "draft": draft,
            "findings": self._findings(draft),
            "may_manage": self.visit.may(Verb.POLICY_MANAGE),
        }
        status = 422 if draft.faults or draft.refused else 200
        return render(self.request, "policy_draft.html", status=status, values=values)

    def wrong(self, draft: PolicyDraft, refused: PolicyRefused) -> Response:
        """The form with every fault, in the order of the lines."""
        rows = sorted(map(self._row, refused.faults), key=lambda each: each.line)
        return self.page(replace(draft, faults=tuple(rows)))

    def _findings(self, draft: PolicyDraft) -> list[str]:
        reader = self.visit.reader
        found = draft.checked.findings if draft.checked else ()
        return [finding_told(each, reader.words, reader.language) for each in found]

    def _row(self, fault: PolicyFault) -> FaultRow:
        reader = self.visit.reader
        return FaultRow(
            line=fault.line,
            place=place_of(replace(fault, line=0), reader.words, reader.language),
            what=what_is_wrong(fault, reader.words, reader.language),
        )


AtDraft = Annotated[PolicyDraftVisit, Depends()]


@router.get(AT)
async def draft(at: AtDraft) -> Response:
    """The text of the latest revision, to be changed."""
    known = await at.application.policies.show(at.visit.actor, None)
    return at.page(PolicyDraft(text=known.stored.content.text))


@router.post(AT + "/check")
async def check(at: AtDraft, form: CurrentForm) -> Response:
    """What taking it over would mean; nothing is changed."""
    own = PolicyDraft.of(form)
    try:
        checked = await at.application.policies.check(at.visit.actor, own.wish)
    except PolicyRefused as refused:
        return at.wrong(own, refused)
    return at.page(replace(own, text=checked.new.text, checked=checked))


@router.post(AT + "/simulate")
async def simulate(at: AtDraft, form: CurrentForm) -> Response:
    """Begin to judge the whole archive by it; nothing is changed."""
    own = PolicyDraft.of(form)
    try:
        started = await at.application.simulations.start(at.visit.actor, own.text)
    except PolicyRefused as refused:
        return at.wrong(own, refused)
    return RedirectResponse(f"/simulations/{started.number}", SEE_OTHER)


@router.post(AT)
async def take_over(at: AtDraft, form: CurrentForm) -> Response:
    """Make it the policy; what takes another person is proposed."""
    own = PolicyDraft.of(form)
    try:
        await at.application.policies.take_over(at.visit.actor, own.wish)
    except PolicyRefused as refused:
        return at.wrong(own, refused)
    except ApprovalNeeded as needed:
        return at.page(replace(own, proposal=needed.number))
    except PersonNeeded as why:
        return at.page(replace(own, refused=told(why, at.visit.reader)))
    return RedirectResponse("/policies", SEE_OTHER)
