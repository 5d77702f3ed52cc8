"""The errors of retention: one root; each says of what in a policy it complains.

Knows no sentence; no number and no name of a call is in any of them.
"""

from retention.rules.policy_flaws import PolicyFault, PolicyFlaw


class RetentionError(Exception):
    """Root of everything that this folder raises."""


class PeriodUnreadable(RetentionError):
    """A period is not years, months and days of the calendar; `flaw` says why."""

    def __init__(self, flaw: PolicyFlaw) -> None:
        super().__init__(flaw.value)
        self.flaw = flaw


class PolicyRefused(RetentionError):
    """A policy cannot be read, or contradicts itself; `faults` names each place."""

    def __init__(self, *faults: PolicyFault) -> None:
        super().__init__("; ".join(map(str, faults)))
        self.faults = faults


class UnknownRevision(RetentionError):
    """The retention policy has no revision of that number."""
