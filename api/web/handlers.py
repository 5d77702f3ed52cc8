"""The handlers that make every refusal of the application a problem.

Knows nothing of routes. What each kind of refusal says is the table's (`refusals.py`).
"""

from collections.abc import Iterable
from typing import Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from api.permissions.errors import NotPossible, PasswordRefused
from api.web.http.language import reader_of
from api.web.http.problems import Fault, Problem
from api.web.http.request_faults import faults_of
from api.web.pages.refused import page_of
from api.web.pages.security import HEADERS
from api.web.refusals.refusal_kind import RefusalKind
from api.web.refusals.table import BY_STATUS, FAULT, INVALID, KINDS, POLICY_REFUSED, SIGN_IN, answer
from api.words.policy_flaw_words import sentence
from api.words.request_flaw_words import text_of
from api.words.texts import Text, as_it_is, said
from archive.access.approvals import ApprovalRefused
from archive.access.purposes import PurposeUnknown
from archive.flaws import PartRefused, PartsRefused
from archive.reading.sound.formats import CodecUnavailable
from retention.rules.errors import PolicyRefused

# Below it programs ask; everywhere else people do.
PROGRAMS: Final = "/api/"


def install(app: FastAPI) -> None:
    """Make every refusal of the application a problem."""
    for refusal in (
        *KINDS,
        *SIGN_IN,
        ApprovalRefused,
        PasswordRefused,
        NotPossible,
        CodecUnavailable,
    ):
        app.add_exception_handler(refusal, _refused)
    app.add_exception_handler(PartRefused, _part_refused)
    app.add_exception_handler(PartsRefused, _parts_refused)
    app.add_exception_handler(PolicyRefused, _policy_refused)
    app.add_exception_handler(PurposeUnknown, _purpose_refused)
    app.add_exception_handler(RequestValidationError, _not_valid)
    app.add_exception_handler(HTTPException, _by_framework)
    app.add_exception_handler(Exception, _fault)


async def _refused(request: Request, refusal: Exception) -> Response:
    return sent(request, answer(refusal))


async def _part_refused(request: Request, refusal: Exception) -> Response:
    assert isinstance(refusal, PartRefused)
    return _invalid(request, (_fault_of(refusal),))


async def _parts_refused(request: Request, refusal: Exception) -> Response:
    assert isinstance(refusal, PartsRefused)
    return _invalid(request, map(_fault_of, refusal.faults))


async def _policy_refused(request: Request, refusal: Exception) -> Response:
    assert isinstance(refusal, PolicyRefused)
    reader = reader_of(request)
    told = (sentence(each, reader.words, reader.language) for each in refusal.faults)
    return _invalid(request, (Fault("/text", as_it_is(each)) for each in told), POLICY_REFUSED)


async def _purpose_refused(request: Request, refusal: Exception) -> Response:
    assert isinstance(refusal, PurposeUnknown)
    wanted = Text(
        said("one of {codes}; or case:ID, or matter:ID"), {"codes": ", ".join(refusal.codes)}
    )
    return _invalid(request, (Fault("/purpose", wanted),))


async def _not_valid(request: Request, refusal: Exception) -> Response:
    assert isinstance(refusal, RequestValidationError)
    return _invalid(request, faults_of(refusal.errors()))


async def _by_framework(request: Request, refusal: Exception) -> Response:
    assert isinstance(refusal, HTTPException)
    kind = BY_STATUS.get(refusal.status_code, INVALID)
    return sent(request, kind.problem(headers=refusal.headers))


async def _fault(request: Request, _fault: Exception) -> Response:
    """What is answered before the fault goes on to the log; no middleware of ours sees it."""
    answered = sent(request, FAULT.problem())
    answered.headers.update(HEADERS)
    answered.headers["Cache-Control"] = "no-store"
    return answered


def sent(request: Request, problem: Problem) -> Response:
    """A problem for a program, a page for a person: by where it was asked."""
    if request.url.path.startswith(PROGRAMS):
        return problem.response(reader_of(request))
    return page_of(request, problem)


def _fault_of(refused: PartRefused) -> Fault:
    pointer = "".join(f"/{step}" for step in refused.field.split(".") if step)
    return Fault(pointer, text_of(refused))


def _invalid(request: Request, faults: Iterable[Fault], kind: RefusalKind = INVALID) -> Response:
    problem = Problem(
        status=kind.status, code=kind.code, detail=Text(kind.text), faults=tuple(faults)
    )
    return sent(request, problem)
