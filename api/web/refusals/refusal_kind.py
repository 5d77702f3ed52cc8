"""How a kind of refusal is answered: its status, its code, which never changes, and its text.

Pure. Knows nothing of which kinds there are.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from api.web.http.problems import Problem
from api.words.texts import Text


@dataclass(frozen=True, slots=True)
class RefusalKind:
    """How a kind of refusal is answered."""

    status: int
    code: str
    text: str
    headers: Mapping[str, str] = field(default_factory=dict)

    def problem(
        self, values: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None
    ) -> Problem:
        """The problem, its placeholders filled."""
        return Problem(
            status=self.status,
            code=self.code,
            detail=Text(self.text, values or {}),
            headers={**self.headers, **(headers or {})},
        )
