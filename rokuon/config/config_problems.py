"""What is wrong with a configuration, and how that is shown: `file:line:column`, line, caret.

Knows nothing of which settings exist.
"""

from dataclasses import dataclass
from typing import Literal

from rokuon.config.positions import KeyPath, Position
from rokuon.messages.i18n import tr


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigProblem:
    """One thing that must be changed, or should be; `help` says how, in words."""

    code: str
    path: KeyPath
    message: str
    help: str
    position: Position = Position(1, 1)
    level: Literal["error", "warning"] = "error"

    @property
    def key(self) -> str:
        """The key path as people write it: `source[1].zone`."""
        text = ""
        for piece in self.path:
            text += f"[{piece}]" if isinstance(piece, int) else f".{piece}"
        return text.removeprefix(".")


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found in a configuration of this name and text."""

    name: str
    text: str
    problems: tuple[ConfigProblem, ...]

    def render(self) -> str:
        """Build the message for a terminal; it shows the line as written, so it is not for logs."""
        lines = self.text.splitlines()
        return "\n".join(self._render_one(problem, lines) for problem in self.problems)

    def _render_one(self, problem: ConfigProblem, lines: list[str]) -> str:
        at = problem.position
        source = lines[at.line - 1] if at.line <= len(lines) else ""
        margin = " " * len(str(at.line))
        # Tabs stay tabs, so that the caret stands under what it means on any terminal.
        lead = "".join("\t" if sign == "\t" else " " for sign in source[: at.column - 1])
        where = f"{self.name}:{at.line}:{at.column}: "
        return "\n".join(
            [
                where + _said(problem),
                f"  {at.line} | {source}",
                f"  {margin} | {lead}{'^' * at.width}",
                "  " + tr("help: {text}").format(text=problem.help),
            ]
        )


def _said(problem: ConfigProblem) -> str:
    name = f" {problem.key}" if problem.path else ""
    if problem.level == "warning":
        what = tr("warning {code}{key}: {message}")
    else:
        what = tr("error {code}{key}: {message}")
    return what.format(code=problem.code, key=name, message=problem.message)


class ConfigRefused(Exception):
    """The configuration cannot be used; carries every problem and the text they stand in."""

    def __init__(self, name: str, text: str, problems: tuple[ConfigProblem, ...]) -> None:
        super().__init__(f"{len(problems)} problem(s) in the configuration")
        self.findings = Findings(name, text, problems)

    @property
    def problems(self) -> tuple[ConfigProblem, ...]:
        return self.findings.problems

    def render(self) -> str:
        """Build the message for a terminal; not for logs."""
        return self.findings.render()
