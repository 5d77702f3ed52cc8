"""The holder as it is put together."""

import subprocess
import sys

import pytest

from rokuon.compose.capture import holder
from rokuon.compose.capture.holder import run_holder
from tests.rokuon.installation import Installation
from tests.support.node_processes import Processes, configured


@pytest.fixture
def processes(monkeypatch: pytest.MonkeyPatch) -> Processes:
    made = Processes()
    monkeypatch.setattr(holder, "Holder", made)
    monkeypatch.setattr(holder, "keep_memory_private", lambda: made.order.append("private"))
    return made


def test_the_holder_gets_addresses_ports_and_the_number_of_workers(
    site: Installation, processes: Processes
) -> None:
    """Everything that must not change while calls are up."""
    config = configured(
        site, "[media]\nworkers = 3\n[rtp]\nfirst_port = 20000\nlast_port = 20998\n"
    )
    run_holder(config, processes.ready)

    plan = processes.plan
    assert (plan.first_port, plan.last_port, plan.workers) == (20_000, 20_998, 3)
    assert (plan.sip_bind, plan.sip_port) == (config.sip.bind, config.sip.port)
    assert processes.order == ["private", "ready"]


@pytest.mark.parametrize(("given", "port"), [("", 0), ("certificate = 'a'\nkey = 'b'\n", 5061)])
def test_the_holder_listens_for_tls_where_there_is_a_certificate(
    site: Installation, processes: Processes, given: str, port: int
) -> None:
    """0: it has no such socket."""
    run_holder(configured(site, f"[sip]\n{given}"), processes.ready)

    assert processes.plan.tls_port == port


def test_the_holder_loads_nothing_of_those_who_wait_for_it() -> None:
    """Where it dies, no call is taken before it is back."""
    others = {
        "capture.media.worker",
        "capture.media.relay.worker",
        "capture.signalling.daemon",
        "cryptography",
    }
    asked = f"import sys, rokuon.compose.capture.holder; print(*({others!r} & sys.modules.keys()))"
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)

    assert told.stdout.split() == []
