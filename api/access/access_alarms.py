"""Alarms of the API: what somebody should look at, in the log and counted for a monitoring system.

Counts begin anew with the API. Knows nothing of who did it or to what: the journal does, and no
name, number or id is a label here.
"""

from typing import Final, Literal, get_args

import structlog
from prometheus_client import CollectorRegistry, Counter

log = structlog.get_logger("api.alarms")

# By what somebody wanted to prove who it is.
ProvedBy = Literal["token", "password", "one_time", "code"]
PROOFS: Final[tuple[ProvedBy, ...]] = get_args(ProvedBy)


class Alarms:
    """Those that there were since the start; `registry` shows them to Prometheus."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry(auto_describe=False)
        self._broken_glass = Counter(
            "rokuon_broken_glass",
            "Times that the purposes of a recording were passed by with a reason",
            registry=self.registry,
        )
        self._unproved = Counter(
            "rokuon_failed_authentications",
            "Times that somebody did not prove who it is; what was not looked at is not counted",
            ("by",),
            registry=self.registry,
        )
        for by in PROOFS:
            self._unproved.labels(by)

    def authentication_failed(self, by: ProvedBy) -> None:
        """Somebody showed a token, a password or a code that proves nothing."""
        log.warning("authentication failed", by=by)
        self._unproved.labels(by).inc()

    def glass_broken(self, seq: int) -> None:
        """Somebody passed by the purposes of a recording; `seq` is its place in the journal."""
        log.warning("glass was broken", journal=seq)
        self._broken_glass.inc()
