"""The interface as files: its OpenAPI document, and a page of its routes for people.

`python -m api.web.document docs` writes both. Knows nothing of services; the routes are enough.
"""

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from api.web.app import application
from api.web.calls.live_calls import EVENTS
from api.web.http.api_routes import JOURNAL, ROLES, SCOPE
from api.web.refusals.table import codes

OPENAPI: Final = "openapi.json"
PAGE: Final = "api.md"
_FIRST_REFUSAL: Final = 400
_HEAD: Final = """\
# HTTP interface

Everything lies under `/api/v1`. The whole document, OpenAPI 3.1, is `docs/openapi.json`; a running
Rokuon serves it at `/api/v1/openapi.json`. `python -m api.web.document docs` writes that file and
this page.

A request carries a token (`Authorization: Bearer …`), or comes over the Unix socket from a user of
the operating system who is mapped to a person. It needs the scope of the route; of a person a role
must have it too (`docs/roles.md`). It may say why in `Rokuon-Purpose`. **The journal's row, with
that purpose, is committed before the answer is made**: no result and no byte without it. What the
tenant does not have gets 404, and no row. Times are RFC 3339, of a search in the zone that it was
asked with, else in UTC. Audio takes `Range` and `If-Range` (RFC 9110 §13, §14).

| route | does | scope | roles | journal | refusals |
|---|---|---|---|---|---|
"""
_EVENTS: Final = """
## Live calls

`GET /api/v1/live` answers with server-sent events (`text/event-stream`), UTF-8. It begins with an
event for each call that is up and is recorded, or may be (`state` `unrecorded`: an inline call of
which a recording may be begun by hand); then there is one for each that begins or changes, and an
`over` for each that is gone, looked for twice a second. Where nothing changes for 15 s there is a
comment (`: still here`). There are no ids to go on from: whoever connects again gets all of them
again. The stream ends where the node that records goes away. `data` is one line of JSON:

| event | field | type |
|---|---|---|
"""
_REFUSALS: Final = """
## Refusals

`application/problem+json` (RFC 9457): `status`, a `code` that never changes its meaning, a `detail`
for people that says what to do next, in Japanese or English as `Accept-Language` wants it
(RFC 9110 §12.5.4; `Content-Language` says which), and with 422 `errors`, each with a JSON pointer.
What a live call refuses has its reason in `why`. Nothing that was sent is repeated, but for the
name of a field or query parameter that the route does not have: that is refused, never passed over.
Of a retention policy what is wrong is named with its rule, its key and the line of the text.

| status | codes |
|---|---|
"""


def openapi() -> str:
    """The OpenAPI document as it is committed."""
    return json.dumps(application().openapi(), indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def page() -> str:
    """The page of routes."""
    refusals = "".join(
        f"| {status} | {', '.join(f'`{code}`' for code in each)} |\n"
        for status, each in codes().items()
    )
    routes = "".join(_rows(application().openapi()["paths"]))
    return _HEAD + routes + _EVENTS + "".join(_fields()) + _REFUSALS + refusals


def _fields() -> Iterator[str]:
    """The fields of each event of the live stream."""
    for event, view in EVENTS.items():
        for name, told in view.model_json_schema()["properties"].items():
            yield f"| `{event}` | `{name}` | {_type(told)} |\n"


def _type(told: Mapping[str, Any]) -> str:
    """A schema in a few words."""
    if "anyOf" in told:
        return " or ".join(_type(each) for each in told["anyOf"])
    if "$ref" in told:
        return f"`{told['$ref'].rpartition('/')[2]}`"
    if "enum" in told:
        return "one of " + ", ".join(f"`{each}`" for each in told["enum"])
    if told["type"] == "array":
        return f"list of {_type(told['items'])}s"
    return "time" if told.get("format") == "date-time" else str(told["type"])


def _rows(paths: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    for path, operations in paths.items():
        for method, told in operations.items():
            refusals = " ".join(s for s in told["responses"] if int(s) >= _FIRST_REFUSAL)
            cells = (
                f"`{method.upper()} {path}`",
                " ".join(told["description"].split()),
                _code(told.get(SCOPE)),
                " ".join(f"`{role}`" for role in told.get(ROLES, ())) or "–",
                _code(told.get(JOURNAL)),
                refusals,
            )
            yield f"| {' | '.join(cells)} |\n"


def _code(word: str | None) -> str:
    return "–" if word is None else f"`{word}`"


def main() -> int:
    """Write both files into the folder that is named."""
    folder = Path(sys.argv[1])
    (folder / OPENAPI).write_text(openapi(), "utf-8")
    (folder / PAGE).write_text(page(), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
