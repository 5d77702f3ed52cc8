"""A file with a line of JSON for each answer: what was asked, what was found and where.

It says what was meant: for who mends the product, not for the product.
"""

import json
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from eval.asking.bodies import Way
from eval.asking.judged import CAUSES, Afterwards, Outcome


def _after(after: Afterwards | None) -> dict[str, object]:
    if after is None:
        return {}
    told = None if after.answer is None else after.answer.as_json()
    places = {"place": after.place, "best_place": after.best_place}
    return {"question": after.question, "answer": told, **places}


class Trace:
    """None where no file is named."""

    def __init__(self, file: Path | None) -> None:
        self._lines: IO[str] | None = file.open("w") if file else None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._lines:
            self._lines.close()

    def note(self, name: str, way: Way, one: Outcome) -> None:
        """One more."""
        if self._lines is None:
            return
        causes = {fate: cause for cause, fate in CAUSES.items()}
        told = {
            "set": name,
            "way": way,
            "language": one.request.language,
            "clues": [clue.as_json() for _, clue in one.request.clues],
            "meant": one.request.meant,
            "fate": causes[one.fate],
            "said": one.answer.cause,
            "best": causes[one.best.cause],
            "place": one.own.place,
            "best_place": one.best.place,
            "exact_place": one.exact.place,
            "sure": asdict(one.sure),
            "after": _after(one.after),
            "asked": one.answer.asked,
            "understood": one.answer.understood,
        }
        self._lines.write(json.dumps(told, ensure_ascii=False) + "\n")
