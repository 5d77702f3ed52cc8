"""A refusal as a page: what is wrong in words, and what to do next.

Knows the codes of refusals. What a program is told instead is `api/web/http/problems.py`.
"""

from collections.abc import Mapping
from typing import Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from api.web.http.problems import Problem
from api.web.pages.forms import FormRefused
from api.web.pages.frame import render
from api.web.pages.preferences import reader_of
from api.web.pages.visit import StepNeeded
from api.words.texts import Text, said

PURPOSE_MISSING: Final = "purpose_missing"
NOT_COVERED: Final = "purpose_not_covered"
RESTRICTED: Final = "use_restricted"
# What asks for something, in place of saying that it was refused.
TEMPLATES: Final[Mapping[str, str]] = {
    PURPOSE_MISSING: "purpose.html",
    NOT_COVERED: "uncovered.html",
    RESTRICTED: "uncovered.html",
}
# In place of what is said to programs, where a person at a page does something else next.
TEXTS: Final[Mapping[str, str]] = {
    "not_found": said("There is no such page, or not for you."),
    "not_permitted": said(
        "Your roles do not allow this. Who manages people can give you one that does."
    ),
    PURPOSE_MISSING: said("Say for which purpose you do this; it is written into the journal."),
    "purpose_unknown": said("This purpose does not exist, or your roles may not state it."),
    NOT_COVERED: said(
        "This recording was made for other purposes. Choose one of those, if you act for it."
    ),
    "method_not_allowed": said("This page cannot be used like that. Begin at the first page."),
}
_SEVERE: Final = 500
_HEADINGS: Final[Mapping[int, str]] = {
    403: said("Not allowed"),
    404: said("Not found"),
    409: said("Not possible now"),
    410: said("Destroyed"),
    413: said("Too much at once"),
    421: said("Not under this name"),
    422: said("Not understood"),
    429: said("Too often"),
}
_FAULT: Final = said("Something is wrong here")
_FORM: Final = Problem(
    status=403,
    code="form_refused",
    detail=Text(said("This form is too old, or does not come from here. Open the page again.")),
)


def page_of(request: Request, problem: Problem) -> Response:
    """The page that says so."""
    reader = reader_of(request)
    told = TEXTS.get(problem.code)
    heading = _HEADINGS.get(problem.status, _FAULT)
    values = {
        "heading": reader.words(reader.language, heading),
        "told": reader.told(Text(told) if told else problem.detail),
        "faults": [f"{each.pointer}: {reader.told(each.detail)}" for each in problem.faults],
        "code": problem.code,
        "is_fault": problem.status >= _SEVERE,
        "call": request.path_params.get("conversation", ""),
        "again": request.url.path if problem.status in (429, 503) else "",
    }
    template = TEMPLATES.get(problem.code, "refused.html")
    answer = render(request, template, status=problem.status, values=values)
    answer.headers.update(problem.headers)
    return answer


async def step_needed(_request: Request, missing: Exception) -> Response:
    """Lead to the next step of signing in."""
    assert isinstance(missing, StepNeeded)
    return RedirectResponse(missing.at, 303)


async def purpose_needed(request: Request, _missing: Exception) -> Response:
    """Ask for a purpose, and go on to what was wanted; a form is to be sent again."""
    reader = reader_of(request)
    told = reader.words(reader.language, TEXTS[PURPOSE_MISSING])
    return render(request, "purpose.html", values={"told": told})


async def fetched_elsewhere(request: Request, _refusal: Exception) -> Response:
    """Refuse what another site has a browser fetch."""
    return page_of(request, _FORM)


async def form_refused(request: Request, refusal: Exception) -> Response:
    """Refuse a form that is not ours."""
    assert isinstance(refusal, FormRefused)
    return page_of(request, _FORM)
