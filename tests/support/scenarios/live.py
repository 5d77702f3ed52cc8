"""What tests of live share."""

import time
from typing import Final
from urllib.request import urlopen

from tests.scenarios.server import HOST
from tests.scenarios.stage import Stage
from tests.scenarios.waiting import met

TOLD_WITHIN_S: Final = 3.0


def measured(stage: Stage) -> set[str]:
    """The troubles that Prometheus would read now."""
    with urlopen(f"http://{HOST}:{stage.server.metrics_port}/metrics") as answer:
        lines = answer.read().decode().splitlines()
    told = [line for line in lines if line.startswith("rokuon_troubled_calls{")]
    return {line.split('trouble="')[1].partition('"')[0] for line in told if line[-3:] != "0.0"}


def shown(stage: Stage) -> set[str]:
    """The troubles of the only call that is up, as the command line has them."""
    (row,) = stage.server.rows("calls", "live", expected=None)
    return set(stage.server.value("calls", "show", row["recording"])["troubles"])


def told_after_s(stage: Stage, *troubles: str) -> float:
    """Seconds from now until exactly these are told."""
    begun_s = time.monotonic()
    met(lambda: measured(stage) == set(troubles), f"{troubles} told", within_s=10)
    return time.monotonic() - begun_s
