"""What a phone has told so far, and waiting for it to tell something.

Knows nothing of phones: an event is a JSON object, told by a thread that reads a pipe or a socket.
"""

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.scenarios.waiting import NeverCame

Event = dict[str, Any]


@dataclass(slots=True)
class Told:
    """Events in the order of their arrival."""

    _events: list[Event] = field(default_factory=list)
    _news: threading.Condition = field(default_factory=threading.Condition)

    def add(self, event: Event) -> None:
        """One more."""
        with self._news:
            self._events.append(event)
            self._news.notify_all()

    def all(self, **fields: Any) -> list[Event]:
        """Those that have these fields."""
        with self._news:
            return [event for event in self._events if _has(event, fields)]

    def first(self, *, within_s: float = 10.0, **fields: Any) -> Event:
        """The first that has these fields, as soon as it is there. Raises `NeverCame`."""
        return self.nth(0, within_s=within_s, **fields)

    def nth(self, number: int, *, within_s: float = 10.0, **fields: Any) -> Event:
        """The one after so many others with these fields."""
        return self._when(lambda: self.all(**fields)[number : number + 1], fields, within_s)

    def now(self, of: Event, *, within_s: float = 10.0, **fields: Any) -> Event:
        """The last event like `of`, as soon as it has these fields: a state has been reached."""
        wanted = {**of, **fields}
        return self._when(
            lambda: [event for event in self.all(**of)[-1:] if _has(event, fields)],
            wanted,
            within_s,
        )

    def _when(self, find: Callable[[], list[Event]], wanted: Event, within_s: float) -> Event:
        with self._news:
            if not self._news.wait_for(find, within_s):
                raise NeverCame(f"{wanted} was not told within {within_s} s: {self._events}")
            return find()[0]

    @classmethod
    def by(cls, texts: Iterator[str], name: str) -> "Told":
        """What a thread reads, until the texts end."""
        told = cls()
        threading.Thread(target=_read, args=(texts, told), name=name, daemon=True).start()
        return told


def _has(event: Event, fields: Event) -> bool:
    return all(event.get(name) == value for name, value in fields.items())


def _read(texts: Iterator[str], told: Told) -> None:
    for text in texts:
        told.add(json.loads(text))
    told.add({"event": "gone"})
