"""What of a call takes longer, each on a page of its own: SIP messages, quality, why it is kept.

The call's page takes them in when they are opened. Three moves each: read, ask, show.
"""

from fastapi import APIRouter, Depends
from starlette.responses import Response

from api.web.pages.calls.call_facts import facts_of
from api.web.pages.calls.call_visit import AT, CurrentCallVisit
from api.web.pages.forms import require_own
from api.web.pages.frame import render
from api.words.explanation_words import explain
from archive.reading.trace import ladder

router = APIRouter(include_in_schema=False, dependencies=[Depends(require_own)])


@router.get(AT + "/ladder")
async def messages(at: CurrentCallVisit) -> Response:
    """The SIP messages of each recording of the call, drawn as lines."""
    found = await at.application.traces.messages(at.actor, str(at.call))
    drawn = ["\n".join(ladder(said, at.visit.zone)).strip("\n") for said in found]
    return render(at.request, "ladder.html", values={"path": at.path, "drawn": drawn})


@router.get(AT + "/quality")
async def quality(at: CurrentCallVisit) -> Response:
    """What became of the packets of each channel, as far as the archive knows."""
    drawn = await at.application.calls.waveform(at.actor, at.call)
    courses = await at.application.calls.show(at.actor, at.call)
    values = {"path": at.path, "drawn": drawn, "facts": facts_of(courses, at.visit.zone)}
    return render(at.request, "quality.html", values=values)


@router.get(AT + "/kept")
async def kept(at: CurrentCallVisit) -> Response:
    """Until when the audio of each recording is kept, why, and what would change it."""
    found = await at.application.retention.explain(at.actor, at.call)
    reader = at.visit.reader
    judged = [each.judgement for each in found]
    told = [explain(each, each.audio, reader.words, reader.language) for each in judged]
    return render(at.request, "kept.html", values={"path": at.path, "told": told})
