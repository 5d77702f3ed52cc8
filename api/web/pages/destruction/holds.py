"""The pages of legal holds: all of them, one with what it has, and what letting go of it means.

Three moves: read, ask, show. Knows nothing of keys.
"""

from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Depends, Path, Request
from starlette.responses import RedirectResponse, Response

from api.holds.overview import MAX_NUMBER, HeldSoFar
from api.permissions.errors import ApprovalNeeded, PersonNeeded
from api.permissions.verbs import Verb
from api.web.http.parameter_types import IdBehind
from api.web.http.requester import CurrentApplication
from api.web.pages.form_faults import told
from api.web.pages.forms import CurrentForm
from api.web.pages.frame import render
from api.web.pages.home import SEE_OTHER
from api.web.pages.visit import CurrentVisit
from api.words.clue_words import lines_of
from api.words.texts import Text, said
from archive.access.query import ALWAYS
from archive.catalog.holds.held_recordings import HeldPage, HeldRecording
from archive.errors import KeyUnavailable
from archive.ids import RecordingId
from archive.lifecycle.hold_scope import ByQuery
from archive.lifecycle.legal_holds import Found, HoldOver
from archive.moments import moment

AT: Final = "/holds"
Number = Annotated[int, Path(ge=1, le=MAX_NUMBER)]
# Of what came too late, as many are on the hold's own page; the others stand on theirs.
_LATE_SHOWN: Final = 50
_PAGE: Final = 100
_AWAY: Final = said(
    "The key daemon cannot be reached at the moment. The placing goes on by itself when it can."
)

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What is said of a step that was not done: it is proposed, or why not, and the status."""

    proposal: int = 0
    refused: str = ""
    status: int = 200


NOTHING: Final = Said()


@dataclass(frozen=True, slots=True)
class HoldsVisit:
    """Somebody at the pages of legal holds."""

    request: Request
    visit: CurrentVisit
    application: CurrentApplication

    async def listed(self) -> Response:
        """All of them, the newest first; those that have ended apart."""
        every = tuple(reversed(await self.application.holds.listed(self.visit.actor)))
        values = {
            "in_force": [each for each in every if each.hold.end is None],
            "over": [each for each in every if each.hold.end is not None],
        }
        return self.shown("holds.html", values)

    async def hold(self, number: int, told_of: Said = NOTHING) -> Response:
        """One of them, with what it was too late for."""
        own = await self.application.holds.show(self.visit.actor, number)
        late = await self._late(own)
        values = {"own": own, "late": late, "said_of_it": told_of, **self._scope(own)}
        return self.shown("hold.html", values, told_of.status)

    async def release(self, number: int, told_of: Said = NOTHING) -> Response:
        """What becomes of what it holds, once it is let go of."""
        actor = self.visit.actor
        own = await self.application.holds.show(actor, number)
        preview = await self.application.hold_releases.preview(actor, number)
        values = {"own": own, "preview": preview, "said_of_it": told_of}
        return self.shown("hold_release.html", values, told_of.status)

    async def recordings(self, number: int, state: Found | None, behind: str) -> Response:
        """What it has, by ids."""
        own = await self.application.holds.show(self.visit.actor, number)
        after = RecordingId.parse(behind) if behind else None
        page = HeldPage(state=state, after=after, limit=_PAGE)
        found = await self.application.holds.recordings(self.visit.actor, number, page)
        next_behind = str(found[-1].recording) if len(found) == _PAGE else ""
        values = {"own": own, "found": found, "state": state or "", "behind": behind}
        return self.shown("hold_recordings.html", {**values, "next_behind": next_behind})

    async def after(self, step: Awaitable[HeldSoFar]) -> Said | None:
        """What is to be said of a step; None where it is done."""
        reader = self.visit.reader
        try:
            await step
        except ApprovalNeeded as needed:
            return Said(proposal=needed.number)
        except (HoldOver, PersonNeeded) as why:
            return Said(refused=told(why, reader), status=409)
        except KeyUnavailable:
            return Said(refused=reader.told(Text(_AWAY)), status=503)
        return None

    def shown(self, template: str, values: dict[str, Any], status: int = 200) -> Response:
        """A page."""
        common = {"may_place": self.visit.may(Verb.HOLD_PLACE), "today": self._today()}
        return render(self.request, template, status=status, values={**values, **common})

    def back(self, number: int) -> Response:
        """To the page of a hold."""
        return RedirectResponse(f"{AT}/{number}", SEE_OTHER)

    async def _late(self, own: HeldSoFar) -> list[HeldRecording]:
        counts = own.counts
        found: list[HeldRecording] = []
        states: tuple[tuple[Found, int], ...] = (
            ("destroyed", counts.destroyed),
            ("unknown", counts.unknown),
        )
        for state, count in states:
            if count:
                page = HeldPage(state=state, limit=_LATE_SHOWN)
                actor, number = self.visit.actor, own.hold.number
                found += await self.application.holds.recordings(actor, number, page)
        return found

    def _scope(self, own: HeldSoFar) -> dict[str, Any]:
        """What it is over; a search may name somebody, so it is for who may search."""
        scope = own.hold.terms.scope
        if not isinstance(scope, ByQuery):
            named = scope.named if own.is_all else None
            return {"is_list": True, "named": named, "clues": None, "window": None}
        may = self.visit.may(Verb.SEARCH)
        window = scope.query.window
        is_always = (window.start_us, window.end_us) == (ALWAYS.start_us, ALWAYS.end_us)
        clues = tuple(lines_of(scope.query)) if may else None
        return {
            "is_list": False,
            "named": None,
            "clues": clues,
            "window": None if is_always else window,
        }

    def _today(self) -> date:
        now_us = self.application.holds.door.clock_us()
        return moment(now_us).astimezone(self.visit.zone).date()


AtHolds = Annotated[HoldsVisit, Depends()]


@router.get(AT)
async def holds(at: AtHolds) -> Response:
    """Every legal hold."""
    return await at.listed()


@router.get(AT + "/{number}")
async def hold(at: AtHolds, number: Number) -> Response:
    """One legal hold."""
    return await at.hold(number)


@router.get(AT + "/{number}/recordings")
async def recordings(
    at: AtHolds, number: Number, state: Found | Literal[""] = "", behind: IdBehind = ""
) -> Response:
    """What it has of each recording, within the reach of who asks."""
    return await at.recordings(number, state or None, behind)


@router.get(AT + "/{number}/release")
async def preview(at: AtHolds, number: Number) -> Response:
    """What falls due without it."""
    return await at.release(number)


@router.post(AT + "/{number}/release")
async def release(at: AtHolds, number: Number, _form: CurrentForm) -> Response:
    """Let go of it; what takes another person is proposed."""
    step = at.application.hold_releases.release(at.visit.actor, number)
    not_done = await at.after(step)
    return await at.release(number, not_done) if not_done else at.back(number)


@router.post(AT + "/{number}/cancel")
async def cancel(at: AtHolds, number: Number, _form: CurrentForm) -> Response:
    """Give up a placing that was cut off; what takes another person is proposed."""
    step = at.application.hold_releases.cancel(at.visit.actor, number)
    not_done = await at.after(step)
    return await at.hold(number, not_done) if not_done else at.back(number)


@router.post(AT + "/{number}/resume")
async def resume(at: AtHolds, number: Number, _form: CurrentForm) -> Response:
    """Go on with a placing that was cut off."""
    step = at.application.hold_placements.resume(at.visit.actor, number)
    not_done = await at.after(step)
    return await at.hold(number, not_done) if not_done else at.back(number)
