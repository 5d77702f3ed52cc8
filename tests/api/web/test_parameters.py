"""Query parameters that a route does not have."""

from pathlib import Path

import pytest

from api.web.app import application
from tests.api.examples import CALL, NO_LIMITS, scene

DOCUMENT = application().openapi()["paths"]
ROUTES = [(method.upper(), path) for path, methods in DOCUMENT.items() for method in methods]
EXAMPLES = {
    "pack": "jp-appi",
    "conversation": CALL, "recording": CALL, "id": CALL, "tag": "vip", "name": "nobody", "gift": 1,
    "os_name": "nobody", "token": 1, "number": 1, "other": 0,
}  # fmt: skip


@pytest.mark.parametrize("query", ["?nobody~has/this=1", "?nobody~has/this=&nobody~has/this=2"])
async def test_every_route_refuses_a_parameter_that_it_does_not_have(
    tmp_path: Path, query: str
) -> None:
    """Passed over, a filter with a slip in its name would show more than was asked for."""
    async with scene(tmp_path, limits=NO_LIMITS) as it:
        told = {}
        for method, path in ROUTES:
            url = f"http://rokuon{path.format_map(EXAMPLES)}{query}"
            answer = await it.client.request(method, url)
            errors = answer.json()["errors"] if answer.content else []
            pointers = [each["pointer"] for each in errors]
            told[method, path] = (answer.status_code, pointers)

    expected = {
        route: (422, [] if route[0] == "HEAD" else ["/nobody~0has~1this"]) for route in told
    }
    assert told == expected


def test_every_route_says_that_it_refuses_what_it_cannot_understand() -> None:
    """Clients are made from the document."""
    silent = [(method, path) for method, path in ROUTES
              if "422" not in DOCUMENT[path][method.lower()]["responses"]]  # fmt: skip

    assert silent == []


async def test_a_parameter_that_the_document_has_is_taken(tmp_path: Path) -> None:
    """By its name there (`from`), which is not always that in the code."""
    async with scene(tmp_path) as it:
        answer = await it.client.get("/journal?from=2026-01-01T00:00:00Z&behind=0&since=x")

    assert [each["pointer"] for each in answer.json()["errors"]] == ["/since"]
