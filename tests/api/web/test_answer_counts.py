"""How many answers there were."""

from pathlib import Path

import httpx2
from fastapi import FastAPI
from prometheus_client import CollectorRegistry

from api.web.answer_counts import AnswerCounts, CountedAnswers


def counted(registry: CollectorRegistry) -> dict[str, float]:
    """How many of each class."""
    return {
        status: registry.get_sample_value("rokuon_http_answers_total", {"status": status}) or 0.0
        for status in ("1xx", "2xx", "3xx", "4xx", "5xx")
    }


async def test_each_answer_counts_once_in_its_class(tmp_path: Path) -> None:
    """A fault too, which is answered behind all that is ours."""
    registry, app = CollectorRegistry(), FastAPI()
    app.state.answers = AnswerCounts(registry)
    app.add_middleware(CountedAnswers)
    app.get("/well")(lambda: {"ok": str(tmp_path)})

    def broken() -> None:
        raise ZeroDivisionError

    app.get("/broken")(broken)
    transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
    before = counted(registry)
    async with httpx2.AsyncClient(transport=transport, base_url="http://rokuon") as client:
        for path in ("/well", "/well", "/none", "/broken"):
            await client.get(path)

    assert set(before.values()) == {0.0}
    assert registry.get_sample_value("rokuon_http_answers_total", {"status": "1xx"}) == 0
    assert counted(registry) == {"1xx": 0, "2xx": 2, "3xx": 0, "4xx": 1, "5xx": 1}
