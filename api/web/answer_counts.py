"""How many answers the API has given, by the class of their status, for a monitoring system.

Knows nothing of who asked or for what. Counts begin anew with the API.
"""

from typing import Final

from prometheus_client import CollectorRegistry, Counter
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_CLASSES: Final = ("1xx", "2xx", "3xx", "4xx", "5xx")
_FAULT: Final = 500


class AnswerCounts:
    """All classes are shown from the start, at nought."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._answers = Counter(
            "rokuon_http_answers",
            "Answers of the API by the class of their status",
            ["status"],
            registry=registry,
        )
        for each in _CLASSES:
            self._answers.labels(each)

    def count(self, status: int) -> None:
        """One more."""
        self._answers.labels(f"{status // 100}xx").inc()


class CountedAnswers:
    """The application, of whose answers each is counted where its state keeps `answers`."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as it does."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        counts: AnswerCounts = scope["app"].state.answers
        begun: list[int] = []

        async def counted(message: Message) -> None:
            if message["type"] == "http.response.start":
                begun.append(message["status"])
            await send(message)

        has_ended = False
        try:
            await self._app(scope, receive, counted)
            has_ended = True
        finally:
            # What is raised to the server is answered behind us, with a fault.
            for status in begun or (() if has_ended else (_FAULT,)):
                counts.count(status)
