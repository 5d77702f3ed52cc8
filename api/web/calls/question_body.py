"""One question with two forms of answer: a list, or a ranking where something is only likely.

Knows nothing of what either holds. What is neither is refused as a list is.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Final

from pydantic import ValidatorFunctionWrapHandler, WrapValidator

from api.web.calls.ranked_bodies import RankedSearchBody
from api.web.http.models import AllTimesSearchBody, SearchBody

# Of which lists know nothing.
RANKED_KINDS: Final = (
    "when", "team", "extension", "dialled", "length", "happened", "gist", "not", "beside",
)  # fmt: skip


def _read(
    sent: object, _handler: ValidatorFunctionWrapHandler
) -> SearchBody | AllTimesSearchBody | RankedSearchBody:
    """By which form it is, so that each has its own errors, at its own places."""
    if isinstance(sent, dict):
        if _is_ranking(sent):
            return RankedSearchBody.model_validate(sent)
        sent = _as_a_list(sent)
        if sent.get("window") is None and "zone" in sent:
            sent.pop("window", None)
            return AllTimesSearchBody.model_validate(sent)
    return SearchBody.model_validate(sent)


QuestionBody = Annotated[SearchBody | AllTimesSearchBody | RankedSearchBody, WrapValidator(_read)]


def _is_ranking(sent: Mapping[str, Any]) -> bool:
    return sent.get("text", "") != "" or any(
        clue.get("kind") in RANKED_KINDS or clue.get("likely", False) is not False
        for clue in _clues(sent)
        if isinstance(clue, dict)
    )


def _as_a_list(sent: Mapping[str, Any]) -> dict[str, Any]:
    """The same without the words that it is none of a ranking."""
    own = {name: value for name, value in sent.items() if name != "text"}
    if clues := _clues(sent):
        own["clues"] = [_without_likely(each) for each in clues]
    return own


def _without_likely(clue: object) -> object:
    if not isinstance(clue, dict):
        return clue
    return {name: value for name, value in clue.items() if name != "likely"}


def _clues(sent: Mapping[str, Any]) -> list[Any]:
    clues = sent.get("clues")
    return clues if isinstance(clues, list) else []
