"""What a check says: which, how bad, what was measured against what, and the fix in words.

Pure values. Knows nothing of the checks.
"""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """`warning` records but not as promised; `error` loses calls or keys."""

    OK = "ok"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """The outcome of one check; `fix` is empty when it passed."""

    check: str
    severity: Severity
    title: str
    measured: str
    threshold: str
    fix: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """What a check is about; its outcomes are made from it."""

    check: str
    title: str

    def passed(self, measured: str, threshold: str) -> CheckResult:
        """Build the outcome when all is well."""
        return self._outcome(Severity.OK, measured, threshold, "")

    def warning(self, measured: str, threshold: str, fix: str) -> CheckResult:
        """Build the outcome when calls are recorded, but not as promised."""
        return self._outcome(Severity.WARNING, measured, threshold, fix)

    def error(self, measured: str, threshold: str, fix: str) -> CheckResult:
        """Build the outcome when calls or keys would be lost."""
        return self._outcome(Severity.ERROR, measured, threshold, fix)

    def _outcome(self, severity: Severity, measured: str, threshold: str, fix: str) -> CheckResult:
        return CheckResult(
            check=self.check,
            severity=severity,
            title=self.title,
            measured=measured,
            threshold=threshold,
            fix=fix,
        )
