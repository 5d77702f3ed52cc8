"""In which language somebody wants to be answered (RFC 9110 §12.5.4).

Knows nothing of what is said.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from starlette.requests import HTTPConnection

from api.words.proposal_summaries import told
from api.words.texts import Text, Words

DEFAULT: Final = "en"
LANGUAGES: Final = (DEFAULT, "ja")
_ANY: Final = "*"


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads an answer: a language, and the words of it."""

    language: str
    words: Words

    def told(self, text: Text) -> str:
        """A text as it is read."""
        return text.told(self.words, self.language)

    def summary(self, kept: str) -> str:
        """What is proposed, line by line."""
        return told(kept, self.words, self.language)


def reader_of(connection: HTTPConnection) -> Reader:
    """Who reads the answer to a request."""
    asked = ",".join(connection.headers.getlist("accept-language"))
    words: Words = connection.app.state.application.words
    return Reader(preferred(asked), words)


def preferred(header: str) -> str:
    """The language of ours that is wanted most; of two alike the one that is named first."""
    weights: dict[str, float] = {}
    for language, weight in _weights(header):
        weights[language] = max(weight, weights.get(language, 0.0))
    others = weights.get(_ANY, 0.0)
    named = (language for language in weights if language in LANGUAGES)
    best = max((*named, *LANGUAGES), key=lambda language: weights.get(language, others))
    return best if weights.get(best, others) > 0 else DEFAULT


def _weights(header: str) -> Iterator[tuple[str, float]]:
    """Each language that is named, without its region, and its weight; what is neither is left."""
    for entry in header.split(","):
        name, _, rest = entry.partition(";")
        language = name.strip().lower().partition("-")[0]
        weight = _weight(rest)
        if language and weight is not None:
            yield language, weight


def _weight(text: str) -> float | None:
    """The q-value (RFC 9110 §12.4.2): 0 to 1, 1 where none is given; None where it is none."""
    if not text.strip():
        return 1.0
    name, _, value = text.strip().partition("=")
    try:
        weight = float(value)
    except ValueError:
        return None
    return weight if name.strip().lower() == "q" and 0 <= weight <= 1 else None
