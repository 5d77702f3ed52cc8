"""A refusal as it is sent."""

import json

from api.web.http.language import Reader
from api.web.http.problems import MEDIA_TYPE, Fault, Problem, documented, title
from api.words.texts import Text, in_english


def test_a_problem_is_sent_with_its_code_and_its_faults() -> None:
    """RFC 9457 §3; nobody keeps it, and it says in which language it is."""
    fault = Fault("/days", Text("at most {most}", {"most": "365"}))
    problem = Problem(status=422, code="request_invalid", detail=Text("no"), faults=(fault,))
    sent = problem.response(Reader("en", in_english))

    assert json.loads(bytes(sent.body)) == {
        "type": "about:blank",
        "title": "Unprocessable Content",
        "status": 422,
        "code": "request_invalid",
        "detail": "no",
        "errors": [{"pointer": "/days", "detail": "at most 365"}],
    }
    assert sent.headers["content-type"] == MEDIA_TYPE
    assert (sent.headers["content-language"], sent.headers["cache-control"]) == ("en", "no-store")


def test_a_refusal_is_named_as_the_standard_names_its_status() -> None:
    """Pythons before 3.13 have older names; a client must not see which one runs (RFC 9110 §15)."""
    named = ["Content Too Large", "Range Not Satisfiable", "Unprocessable Content"]

    assert [title(status) for status in (413, 416, 422)] == named
    assert title(404) == "Not Found"
    assert documented(404)[404]["description"] == "Not Found"
