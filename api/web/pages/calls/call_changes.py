"""What somebody says of a call on its page: notes, tags, and what is so of who took part and of it.

Each is three moves: read, write, show; by the use case that `/api/v1` has. Knows nothing of what a
correction does.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, get_args

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from api.permissions.errors import Unfit
from api.web.pages.calls.call import Typed, page
from api.web.pages.calls.call_visit import AT, CallVisit, CurrentCallVisit
from api.web.pages.forms import CurrentForm, Form
from api.web.pages.home import SEE_OTHER
from api.words.request_flaw_words import text_of
from api.words.texts import said
from archive.access.query import QueryRefused
from archive.call.corrections import (
    AgentCorrected,
    ByParticipant,
    ByStream,
    Change,
    ControllerCorrected,
    CorrectionRefused,
    NoteWritten,
    NumberCorrected,
    PurposeCorrected,
    QueueCorrected,
    SideCorrected,
    TagAdded,
    TagRemoved,
    Whom,
)
from archive.call.events import Side
from archive.catalog.access.grants import CorrectGrant
from archive.flaws import Flaw
from archive.ids import RecordingId

_SIDES: Final[Mapping[str, Side]] = {each: each for each in get_args(Side) if each != "node"}
_NO_REASON: Final = said("Say why it is so.")
_MAX_DIGITS: Final = 5

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """A change, why, and in which field of which form a fault of it is told."""

    change: Change
    form: str
    reason: str = ""
    place: str = "notes"


@router.post(AT + "/notes")
async def note(at: CurrentCallVisit, form: CurrentForm) -> Response:
    """Write a note to a recording of the call."""
    text = form.text("note").replace("\r\n", "\n")
    return await _write(at, form, _Said(change=NoteWritten(text=text), form="note"))


@router.post(AT + "/tags")
async def tag(at: CurrentCallVisit, form: CurrentForm) -> Response:
    """Tag a recording of the call."""
    return await _write(at, form, _Said(change=TagAdded(tag=form.text("tag")), form="tag"))


@router.post(AT + "/tags/take")
async def take_tag(at: CurrentCallVisit, form: CurrentForm) -> Response:
    """Take a tag away; it still finds the call."""
    change = TagRemoved(tag=form.text("taken"))
    return await _write(
        at, form, _Said(change=change, form="taken", reason=form.text("taken-reason"))
    )


@router.post(AT + "/corrections")
async def correct(at: CurrentCallVisit, form: CurrentForm) -> Response:
    """Say what is so, of who took part or of the call, and why."""
    change = _change(form)
    name = "mark" if form.text("kind") in _MARKS else "leg"
    why = form.text("reason")
    given = _Said(change=change, form=name, reason=why, place="corrections")
    if not why:
        reader = at.visit.reader
        return await _again(at, form, given, reader.words(reader.language, _NO_REASON))
    return await _write(at, form, given)


_MARKS: Final = frozenset({"queue", "controller", "purpose"})


def _change(form: Form) -> Change:
    """What the form says; raises `QueryRefused` for what no form of ours says."""
    match form.text("kind"):
        case "agent":
            return AgentCorrected(whom=_whom(form), agent_id=form.text("agent"))
        case "number":
            return NumberCorrected(whom=_whom(form), number=form.text("number"))
        case "side":
            side = _SIDES.get(form.text("side"))
            if side is not None:
                return SideCorrected(whom=_whom(form), side=side)
        case "queue":
            return QueueCorrected(queue=form.text("queue"))
        case "controller":
            return ControllerCorrected(controller=form.text("controller"))
        case "purpose":
            return PurposeCorrected(purposes=form.all("purpose"))
    raise QueryRefused("kind", Unfit.CORRECTION)


def _whom(form: Form) -> Whom:
    """Whose leg is meant: `participant:ID`, or `stream:N` where the client has named nobody."""
    by, _, value = form.text("whom").partition(":")
    if by == "participant" and value:
        return ByParticipant(participant=value)
    if by == "stream" and value.isascii() and value.isdigit() and len(value) <= _MAX_DIGITS:
        return ByStream(stream=int(value))
    raise QueryRefused("whom", Flaw.NO_PARTICIPANT)


async def _write(at: CallVisit, form: Form, given: _Said) -> Response:
    """Write what somebody says of a recording; the page again, where it cannot be written."""
    try:
        own = RecordingId.parse(form.text("recording"))
    except ValueError as no_id:
        raise QueryRefused("recording", Flaw.NO_RECORDING) from no_id
    await at.application.calls.require_of(at.actor, CorrectGrant, at.call, own)
    try:
        await at.application.corrections.write(at.actor, own, given.change, given.reason)
    except CorrectionRefused as refused:
        return await _again(at, form, given, at.visit.reader.told(text_of(refused)))
    return RedirectResponse(f"{at.path}#{given.place}", SEE_OTHER)


async def _again(at: CallVisit, form: Form, given: _Said, told: str) -> Response:
    typed = Typed(
        form=given.form,
        values={name: form.text(name) for name in form.fields},
        wrong={given.form: told},
    )
    return await page(at, typed, status=422)
