"""A running product, asked by HTTP: what it answers to a request, and how long that takes.

The token and what is answered are in no log and in no exception.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from time import perf_counter, sleep
from types import TracebackType
from typing import Any, Final, Self

import httpx2

from eval.asking.bodies import Body
from eval.world.calendar import ZONE

_PATH: Final = "/api/v1/calls/search"
_PATIENCE_S: Final = 30.0
_NOTHING_UNDERSTOOD: Final = 422
_NOT_READY: Final = 503
# The columns of ten million calls take five minutes, on a busy machine more.
READY_WITHIN_S: Final = 1_800.0
# It fits every call, so that what is kept of all of them has been looked at once.
_ANY_CALL: Final[Body] = {
    "zone": ZONE,
    "clues": [{"kind": "direction", "value": "inbound", "likely": True}],
    "limit": 1,
}


class NotAnswered(Exception):
    """The product refused what a person may ask."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A call, the recordings of it, and how likely it is said to be meant."""

    state: str
    recordings: frozenset[str]
    chance: float
    confirmed: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """Candidates in order, what is said to have become of the call, and how long it took.

    `understood` is the echo in words, behind it what was not used; `question` the code of the next
    one, "" where none is worth asking.
    """

    candidates: tuple[Candidate, ...]
    chances: dict[str, float]
    took_ms: float
    asked: Body = field(default_factory=dict)
    understood: tuple[str, ...] = ()
    question: str = ""

    @property
    def cause(self) -> str:
        """The likeliest of the causes."""
        return max(self.chances, key=self.chances.__getitem__, default="never")


class Product:
    """One connection, one question at a time."""

    def __init__(self, address: str, token: str) -> None:
        own = {"Authorization": f"Bearer {token}"}
        self._client = httpx2.Client(base_url=address, headers=own, timeout=_PATIENCE_S)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._client.close()

    def wait_until_ready(self, pause: Callable[[float], None] = sleep) -> None:
        """Ask as often as it says that it is not, when it says; raises `NotAnswered` in the end."""
        waited_s = 0.0
        while (response := self._client.post(_PATH, json=_ANY_CALL)).is_error:
            if response.status_code != _NOT_READY or waited_s >= READY_WITHIN_S:
                raise _refusal(response)
            again_s = float(response.headers["Retry-After"])
            pause(again_s)
            waited_s += again_s

    def ask(self, body: Body) -> Answer:
        """Raises `NotAnswered`; where nothing of a text is understood the answer is empty.

        A field of which nothing is understood is left out, as by a person who is told so.
        """
        began_s = perf_counter()
        response = self._client.post(_PATH, json=body)
        took_ms = 1_000 * (perf_counter() - began_s)
        if response.status_code == _NOTHING_UNDERSTOOD and "text" in body:
            return Answer((), {}, took_ms, body)
        if refused := _refused(response):
            return self._without(body, refused)
        if response.is_error:
            raise _refusal(response)
        ranked = response.json()["ranked"]
        return Answer(
            candidates=tuple(map(_candidate, ranked["candidates"])),
            chances=ranked["chances"],
            took_ms=took_ms,
            asked=body,
            understood=tuple(_echo(ranked)),
            question=(ranked["question"] or {}).get("code", ""),
        )

    def _without(self, body: Body, refused: frozenset[int]) -> Answer:
        sent = list(enumerate(body["clues"]))
        left = [each for at, each in sent if at not in refused]
        answer = self.ask({**body, "clues": left}) if left else Answer((), {}, 0.0)
        told = [f"refused: {each['kind']} {each['value']}" for at, each in sent if at in refused]
        return replace(answer, asked=body, understood=(*answer.understood, *told))


def _refusal(response: httpx2.Response) -> NotAnswered:
    return NotAnswered(f"{response.status_code}: {response.text[:300]}")


def _refused(response: httpx2.Response) -> frozenset[int]:
    """The places of clues of which nothing was understood."""
    if response.status_code != _NOTHING_UNDERSTOOD:
        return frozenset()
    pointers = [each["pointer"] for each in response.json().get("errors", ())]
    return frozenset(int(each.split("/")[2]) for each in pointers if each.startswith("/clues/"))


def _echo(ranked: dict[str, Any]) -> Iterator[str]:
    for each in ranked["understood"]:
        yield f"{each['kind']}: {each['words']}"
    for each in ranked["unused"]:
        yield f"not used: {each['text']}"


def _candidate(told: dict[str, Any]) -> Candidate:
    return Candidate(
        state=told["state"],
        recordings=frozenset(each["recording"] for each in told["calls"]),
        chance=told["chance"],
        confirmed=told["confirmed"],
    )
