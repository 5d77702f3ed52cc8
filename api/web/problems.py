"""Refusals as RFC 9457 problems, each with a code that never changes its meaning.

Knows nothing of what was asked; never repeats what was sent, which may be a name or a number.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from math import ceil
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from api.errors import (
    Ambiguous,
    AnotherPersonNeeded,
    NodeAway,
    NotAllowed,
    NotAuthenticated,
    NotFound,
    NotPossible,
    PersonNeeded,
    PurposeMissing,
    PurposeRefused,
    Refused,
    TermsRefused,
    TooManyExports,
    TooManyListeners,
    TooManyRequests,
)
from archive.agents import AgentTableRefused
from archive.approvals import ApprovalRefused, Why
from archive.catalog.accounts import NameTaken, NotRegistered
from archive.catalog.query import QueryRefused
from archive.corrections import CorrectionRefused
from archive.errors import KeyUnavailable, RecordingDamaged
from archive.export import TooManyLanes
from archive.purposes import PurposeUnknown
from archive.reach import ReachRefused
from archive.reading.formats import CodecUnavailable

MEDIA_TYPE: Final = "application/problem+json"
CODES: Final[Mapping[int, str]] = {
    401: "not_authenticated",
    403: "not_permitted",
    404: "not_found",
    405: "method_not_allowed",
    409: "not_possible",
    410: "destroyed",
    413: "body_too_large",
    416: "range_not_satisfiable",
    422: "request_invalid",
    429: "too_many_requests",
    500: "recording_damaged",
    501: "codec_unavailable",
    503: "unavailable",
}
# As RFC 9110 §15 has them; Python 3.13 learnt these names, older ones have those before.
_RENAMED: Final[Mapping[int, str]] = {
    413: "Content Too Large",
    416: "Range Not Satisfiable",
    422: "Unprocessable Content",
}
_WHY: Final[Mapping[Why, str]] = {
    "over": "it is withdrawn, carried out or past its end",
    "not_another": "it takes another person",
    "given": "you have approved it already",
    "not_yours": "you have neither proposed nor approved it",
    "not_approved": "nobody who counts has approved it",
    "other_digest": "something else was approved",
}
SCHEMA_NAME: Final = "Problem"
SCHEMA: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["type", "title", "status", "code", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "detail": {"type": "string"},
        "why": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pointer", "detail"],
                "properties": {"pointer": {"type": "string"}, "detail": {"type": "string"}},
            },
        },
    },
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with a request; `pointer` is a JSON pointer (RFC 6901) into it."""

    pointer: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A refusal: `code` for programs, `detail` for people."""

    status: int
    code: str
    detail: str
    faults: tuple[Fault, ...] = ()
    why: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)

    def response(self) -> Response:
        """The problem as it is sent (RFC 9457 §3)."""
        body: dict[str, Any] = {
            "type": "about:blank",
            "title": title(self.status),
            "status": self.status,
            "code": self.code,
            "detail": self.detail,
        }
        if self.why:
            body["why"] = self.why
        if self.faults:
            body["errors"] = [
                {"pointer": fault.pointer, "detail": fault.detail} for fault in self.faults
            ]
        headers = {"Cache-Control": "no-store", **self.headers}
        return JSONResponse(body, self.status, headers, media_type=MEDIA_TYPE)


def title(status: int) -> str:
    """The name of a status, the same whatever Python runs this."""
    return _RENAMED.get(status) or HTTPStatus(status).phrase


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The refusals of a route, for the OpenAPI document."""
    return {
        status: {
            "description": title(status),
            "content": {MEDIA_TYPE: {"schema": {"$ref": f"#/components/schemas/{SCHEMA_NAME}"}}},
        }
        for status in statuses
    }


def answer(refusal: Exception) -> Problem:
    """The problem that a refusal by name is."""
    match refusal:
        case NotAuthenticated():
            return _of(401, "A valid bearer token is needed.", {"WWW-Authenticate": "Bearer"})
        case TooManyRequests(wait_s=wait_s):
            again = {"Retry-After": str(ceil(wait_s))}
            return _of(429, "Too many requests in a short time; wait.", again)
        case Refused():
            return _forbidden(refusal)
        case NotFound() | Ambiguous() | NotRegistered() | NameTaken():
            return _unfound(refusal)
        case NotPossible() | NodeAway() | TooManyListeners() | ApprovalRefused():
            return _not_now(refusal)
        case _:
            return _of_sound(refusal)


def _of_sound(refusal: Exception) -> Problem:
    match refusal:
        case TooManyExports() | TooManyLanes():
            return _uncopied(refusal)
        case RecordingDamaged() | CodecUnavailable() | KeyUnavailable():
            return _unheard(refusal)
        case _:
            return _of(503, "The catalog cannot be reached at the moment.")


def _unfound(refusal: NotFound | Ambiguous | NotRegistered | NameTaken) -> Problem:
    match refusal:
        case NotRegistered():
            return _of(404, "There is no such user, service, role, name or token in force.")
        case NameTaken():
            return Problem(status=409, code="name_taken", detail="The name is or was another's.")
        case NotFound():
            return _of(404, "There is no such call or recording.")
        case Ambiguous():
            return _of(409, "Several calls are known by this id: " + ", ".join(refusal.calls))


def _forbidden(refusal: Refused) -> Problem:
    """Why not, and what to do; the code says the same to programs."""
    match refusal:
        case NotAllowed():
            detail = f"This needs {refusal.verb}, which neither your roles nor your token have."
        case PurposeMissing():
            detail = "Say why: Rokuon-Purpose with a code, case:ID or matter:ID."
        case AnotherPersonNeeded():
            detail = "Another person must do this, whom you have not made; or root."
        case PersonNeeded():
            detail = "Only a person who acts as itself may; no service, and not root."
        case PurposeRefused():
            detail = "This is no purpose here, or not one that your roles may state."
        case _:
            detail = "The recording was made for other purposes; state one of those."
    return Problem(status=403, code=refusal.code, detail=detail)


def _not_now(refusal: NotPossible | NodeAway | TooManyListeners | ApprovalRefused) -> Problem:
    match refusal:
        case ApprovalRefused(why=why):
            detail = f"The proposal: {_WHY[why]}."
            return Problem(status=409, code=f"approval_{why}", detail=detail)
        case NotPossible():
            detail = f"The live call does not allow it: {refusal.why}."
            return Problem(status=409, code=CODES[409], detail=detail, why=refusal.why)
        case NodeAway():
            return _of(503, "The node that records cannot be reached at the moment.")
        case TooManyListeners():
            return _of(503, "As many follow the live calls as may.")


def _uncopied(refusal: TooManyExports | TooManyLanes) -> Problem:
    match refusal:
        case TooManyExports():
            return _of(503, "As many copies are being made as may.", {"Retry-After": "10"})
        case TooManyLanes():
            return _of(409, "This format holds fewer channels; take WAV.")


def _unheard(refusal: RecordingDamaged | CodecUnavailable | KeyUnavailable) -> Problem:
    match refusal:
        case RecordingDamaged():
            return _of(500, "The recording does not verify; `rokuon verify` says where.")
        case CodecUnavailable():
            return _of(501, _undecodable(refusal))
        case KeyUnavailable():
            return _of(503, "The key of this recording cannot be had at the moment.")


def install(app: FastAPI) -> None:
    """Make every refusal of the application a problem."""
    for refusal in (
        NotAuthenticated,
        Refused,
        NotFound,
        Ambiguous,
        NotRegistered,
        NameTaken,
        ApprovalRefused,
        NotPossible,
        NodeAway,
        TooManyListeners,
        TooManyExports,
        TooManyLanes,
        TooManyRequests,
        RecordingDamaged,
        CodecUnavailable,
        KeyUnavailable,
        SQLAlchemyError,
    ):
        app.add_exception_handler(refusal, _refused)
    for part in (QueryRefused, CorrectionRefused, TermsRefused):
        app.add_exception_handler(part, _part_refused)
    app.add_exception_handler(PurposeUnknown, _purpose_refused)
    app.add_exception_handler(ReachRefused, _reach_refused)
    app.add_exception_handler(AgentTableRefused, _table_refused)
    app.add_exception_handler(RequestValidationError, _not_valid)
    app.add_exception_handler(HTTPException, _by_framework)


def _undecodable(refusal: CodecUnavailable) -> str:
    """What is missing; a codec that no extra decodes bears the name that a peer gave it."""
    if refusal.extra:
        name, extra = refusal.encoding.upper(), refusal.extra
        return f"{name} is decoded by the extra {extra!r}, which is not installed here."
    return "The audio is in a codec that nothing here decodes; its packets can be exported."


def _of(status: int, detail: str, headers: Mapping[str, str] | None = None) -> Problem:
    return Problem(status=status, code=CODES[status], detail=detail, headers=headers or {})


async def _refused(_request: Request, refusal: Exception) -> Response:
    return answer(refusal).response()


async def _table_refused(_request: Request, refusal: Exception) -> Response:
    assert isinstance(refusal, AgentTableRefused)
    return _invalid((Fault("", str(refusal)),)).response()


async def _part_refused(_request: Request, refusal: Exception) -> Response:
    assert isinstance(refusal, QueryRefused | CorrectionRefused | TermsRefused)
    fault = Fault("/" + refusal.field.replace(".", "/"), str(refusal))
    return _invalid((fault,)).response()


async def _purpose_refused(_request: Request, _refusal: Exception) -> Response:
    return _invalid((Fault("/purpose", "a code, case:ID or matter:ID"),)).response()


async def _reach_refused(_request: Request, _refusal: Exception) -> Response:
    told = "a range has two ends of the same length, the first before the last"
    return _invalid((Fault("/numbers", told),)).response()


async def _not_valid(_request: Request, refusal: Exception) -> Response:
    assert isinstance(refusal, RequestValidationError)
    faults = (
        Fault("/" + "/".join(_escaped(step) for step in error["loc"][1:]), error["msg"])
        for error in refusal.errors()
    )
    return _invalid(tuple(faults)).response()


async def _by_framework(_request: Request, refusal: Exception) -> Response:
    assert isinstance(refusal, HTTPException)
    status = refusal.status_code if refusal.status_code in CODES else 422
    return _of(status, title(status), refusal.headers).response()


def _invalid(faults: tuple[Fault, ...]) -> Problem:
    return Problem(
        status=422, code=CODES[422], detail="The request cannot be understood.", faults=faults
    )


def _escaped(step: object) -> str:
    """One step of a JSON pointer (RFC 6901 §3)."""
    return str(step).replace("~", "~0").replace("/", "~1")
