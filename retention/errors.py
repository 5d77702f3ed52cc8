"""The errors of retention: one root; each says of what in a policy it complains.

Texts are for who wrote the policy and carry no number and no name of a call.
"""


class RetentionError(Exception):
    """Root of everything that this folder raises."""


class PeriodUnreadable(RetentionError):
    """A period is not years, months and days of the calendar."""


class PolicyRefused(RetentionError):
    """A policy cannot be read, or contradicts itself; `faults` names each place."""

    def __init__(self, *faults: str) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults
