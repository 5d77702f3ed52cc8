"""A refusal as an RFC 9457 problem, in its reader's language.

Knows nothing of what was asked; never repeats what was sent, which may be a name or a number.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final, get_args

from starlette.responses import JSONResponse, Response

from api.web.http.language import Reader
from api.words.texts import Text
from archive.lifecycle.intention import Scope

MEDIA_TYPE: Final = "application/problem+json"
# As RFC 9110 §15 has them; Python 3.13 learnt these names, older ones have those before.
_RENAMED: Final[Mapping[int, str]] = {
    413: "Content Too Large",
    416: "Range Not Satisfiable",
    422: "Unprocessable Content",
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
        "tombstone": {
            "type": "object",
            "required": [
                *("digest", "destroyed_at", "hour_at", "revision", "rules", "plan"),
                *("scope", "facts_until"),
            ],
            "properties": {
                "digest": {"type": "string"},
                "destroyed_at": {"type": "string", "format": "date-time"},
                "hour_at": {"type": ["string", "null"], "format": "date-time"},
                "revision": {"type": ["integer", "null"]},
                "rules": {"type": "array", "items": {"type": "string"}},
                "plan": {"type": "integer"},
                "scope": {"type": "string", "enum": list(get_args(Scope))},
                "facts_until": {"type": ["string", "null"], "format": "date-time"},
            },
        },
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
    detail: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A refusal: `code` for programs, `detail` for people."""

    status: int
    code: str
    detail: Text
    faults: tuple[Fault, ...] = ()
    why: str = ""
    tombstone: Mapping[str, object] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)

    def response(self, reader: Reader) -> Response:
        """The problem as it is sent (RFC 9457 §3)."""
        body: dict[str, Any] = {
            "type": "about:blank",
            "title": title(self.status),
            "status": self.status,
            "code": self.code,
            "detail": reader.told(self.detail),
        }
        if self.why:
            body["why"] = self.why
        if self.tombstone:
            body["tombstone"] = self.tombstone
        if self.faults:
            body["errors"] = [
                {"pointer": fault.pointer, "detail": reader.told(fault.detail)}
                for fault in self.faults
            ]
        headers = {
            "Cache-Control": "no-store",
            "Content-Language": reader.language,
            **self.headers,
        }
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
