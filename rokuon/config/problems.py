"""What is wrong with a configuration, and how that is shown: `file:line:column`, line, caret.

Knows nothing of which settings exist.
"""

from dataclasses import dataclass

from rokuon.config.positions import KeyPath, Position
from rokuon.i18n import tr


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that must be changed; `help` says how, in words."""

    code: str
    path: KeyPath
    message: str
    help: str
    position: Position = Position(1, 1)

    @property
    def key(self) -> str:
        """The key path as people write it: `source[1].zone`."""
        text = ""
        for piece in self.path:
            text += f"[{piece}]" if isinstance(piece, int) else f".{piece}"
        return text.removeprefix(".")


class ConfigRefused(Exception):
    """The configuration cannot be used; carries every problem and the text they stand in."""

    def __init__(self, name: str, text: str, problems: tuple[Problem, ...]) -> None:
        super().__init__(f"{len(problems)} problem(s) in the configuration")
        self.name = name
        self.text = text
        self.problems = problems

    def render(self) -> str:
        """Build the message for a terminal; it shows the line as written, so it is not for logs."""
        lines = self.text.splitlines()
        return "\n".join(self._render_one(problem, lines) for problem in self.problems)

    def _render_one(self, problem: Problem, lines: list[str]) -> str:
        at = problem.position
        source = lines[at.line - 1] if at.line <= len(lines) else ""
        margin = " " * len(str(at.line))
        # Tabs stay tabs, so that the caret stands under what it means on any terminal.
        lead = "".join("\t" if sign == "\t" else " " for sign in source[: at.column - 1])
        where = f"{self.name}:{at.line}:{at.column}: "
        name = f" {problem.key}" if problem.path else ""
        what = tr("error {code}{key}: {message}").format(
            code=problem.code, key=name, message=problem.message
        )
        return "\n".join(
            [
                where + what,
                f"  {at.line} | {source}",
                f"  {margin} | {lead}{'^' * at.width}",
                "  " + tr("help: {text}").format(text=problem.help),
            ]
        )
