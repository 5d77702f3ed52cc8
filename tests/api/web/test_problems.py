"""Refusals as problems."""

from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from api.errors import NotAllowed, NotAuthenticated, NotFound
from api.people.verbs import Verb
from api.web.problems import CODES, MEDIA_TYPE, answer, title
from archive.errors import HeaderDamaged, KeyRefused
from archive.reading.formats import CodecUnavailable
from tests.api.examples import CALL, scene, window

PRIVATE = "+81312347788"


@pytest.mark.parametrize(
    ("refusal", "status"),
    [
        (NotAuthenticated(PRIVATE), 401),
        (NotAllowed(Verb.SEARCH), 403),
        (NotFound(PRIVATE), 404),
        (HeaderDamaged(PRIVATE), 500),
        (CodecUnavailable(PRIVATE, ""), 501),
        (KeyRefused(PRIVATE), 503),
        (OperationalError(PRIVATE, {}, ValueError(PRIVATE)), 503),
    ],
)
def test_each_refusal_has_its_status_and_a_code_that_stays(refusal: Exception, status: int) -> None:
    """Programs go by the code, people by the text; neither learns what went wrong inside."""
    problem = answer(refusal)

    assert (problem.status, problem.code) == (status, CODES[status])
    assert PRIVATE.encode() not in problem.response().body


def test_a_missing_decoder_is_named_with_the_extra_that_has_it() -> None:
    """Who reads it knows what to install; the name of the codec is one of our table's."""
    problem = answer(CodecUnavailable("opus"))

    assert "OPUS" in problem.detail
    assert "'codecs'" in problem.detail


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nothing", 404),
        ("DELETE", f"/calls/{CALL}", 405),
        ("GET", "/calls/search", 422),
    ],
)
async def test_what_the_framework_refuses_is_a_problem_too(
    tmp_path: Path, method: str, path: str, status: int
) -> None:
    """One shape for all of them (RFC 9457 §3)."""
    async with scene(tmp_path) as it:
        refused = await it.client.request(method, path)

    assert refused.status_code == status
    assert refused.headers["content-type"] == MEDIA_TYPE
    assert refused.json()["status"] == status
    assert refused.json()["code"] == CODES[status]
    assert ("allow" in refused.headers) == (status == 405)


async def test_a_refusal_does_not_repeat_what_was_sent(tmp_path: Path) -> None:
    """Problems end up in logs and tickets; what was sent may be a customer's number."""
    body = {"window": window(), "clues": [{"kind": "number", "value": [PRIVATE]}]}
    async with scene(tmp_path) as it:
        refused = await it.client.post("/calls/search", json=body)

    assert refused.status_code == 422
    assert PRIVATE not in refused.text


def test_a_refusal_is_named_as_the_standard_names_its_status() -> None:
    """Pythons before 3.13 have older names; a client must not see which one runs (RFC 9110 §15)."""
    named = ["Content Too Large", "Range Not Satisfiable", "Unprocessable Content"]

    assert [title(status) for status in (413, 416, 422)] == named
    assert title(404) == "Not Found"
