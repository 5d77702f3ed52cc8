"""Checks of what calls arrive through: each fails where it must."""

import dataclasses

import pytest

from rokuon.doctor.examine import examine
from rokuon.doctor.facts import CatalogFacts, HostFacts, PortState
from rokuon.messages.check_result import Severity
from tests.rokuon.doctor import examples

SOURCE = '[[source]]\nname = "a"\naddress = ["192.0.2.1/32"]\n'


def fails(facts: HostFacts) -> list[tuple[str, Severity]]:
    """The checks that do not pass."""
    return [(f.check, f.severity) for f in examine(facts) if f.severity is not Severity.OK]


@pytest.mark.parametrize(
    ("facts", "check", "severity"),
    [
        (examples.port(PortState.OTHER), "SIP-001", Severity.ERROR),
        (examples.port(PortState.NO_ADDRESS), "SIP-001", Severity.ERROR),
        (examples.healthy('[rtp]\nbind = "0.0.0.0"'), "SIP-002", Severity.ERROR),
        (examples.healthy('[sip]\nbind = "::"'), "SIP-002", Severity.ERROR),
        (
            dataclasses.replace(examples.healthy(), calls=CatalogFacts(silent_sources=("a",))),
            "SRC-002",
            Severity.WARNING,
        ),
        (
            dataclasses.replace(examples.healthy(), calls=CatalogFacts(intruders=("a",))),
            "SRC-003",
            Severity.WARNING,
        ),
        (
            dataclasses.replace(examples.healthy(), calls=CatalogFacts(guessing_sources=("a",))),
            "SRC-004",
            Severity.WARNING,
        ),
        (examples.healthy("[rtp]\nlast_port = 29996"), "RTP-001", Severity.ERROR),
        (examples.healthy("[limits]\nmax_calls = 4501"), "RTP-001", Severity.ERROR),
        (examples.kernel(local_ports=(29_999, 60_999)), "RTP-002", Severity.WARNING),
        (examples.kernel(local_ports=(1_024, 10_000)), "RTP-002", Severity.WARNING),
        (examples.healthy(SOURCE + 'latch = "any"'), "RTP-003", Severity.WARNING),
        (
            examples.healthy('[[target]]\nname = "t"\nuri = "sip:t.example"\nlatch = "any"'),
            "RTP-003",
            Severity.WARNING,
        ),
        (
            dataclasses.replace(
                examples.healthy("[http]\nlocal_browser = true"), web_ports=(80, 443)
            ),
            "HTTP-001",
            Severity.WARNING,
        ),
        (examples.kernel(rmem_max_bytes=106_496), "BUF-001", Severity.WARNING),
        (examples.kernel(udp_mem_max_bytes=500_000_000), "BUF-002", Severity.WARNING),
        (examples.kernel(descriptors=20_000), "LIM-001", Severity.ERROR),
    ],
)
def test_a_check_fails_for_its_own_reason_alone(
    facts: HostFacts, check: str, severity: Severity
) -> None:
    """One cause, one finding: nobody mends the wrong thing."""
    assert fails(facts) == [(check, severity)]


def test_a_web_server_is_no_finding_where_no_browser_needs_less_than_tls() -> None:
    """Nor is a browser of this machine, where there is no web server."""
    alone = examples.healthy("[http]\nlocal_browser = true")
    beside = dataclasses.replace(examples.healthy(), web_ports=(443,))

    assert fails(alone) == fails(beside) == []


def test_what_the_kernel_does_not_show_in_a_container_is_no_finding() -> None:
    """A network namespace of its own has no `udp_mem`: it read as none at all."""
    facts = examples.kernel(udp_mem_max_bytes=0)
    (outcome,) = (each for each in examine(facts) if each.check == "BUF-002")

    assert fails(facts) == []
    assert "MiB" not in outcome.measured


def test_our_own_running_port_is_no_finding() -> None:
    """The doctor is asked while Rokuon runs."""
    assert fails(examples.port(PortState.OURS)) == []


def test_a_latch_behind_address_translation_is_no_finding() -> None:
    """It cannot be done without, but is named with what it leaves open."""
    facts = examples.healthy(SOURCE + 'latch = "nat"')
    (outcome,) = (each for each in examine(facts) if each.check == "RTP-003")

    assert fails(facts) == []
    assert "source a" in outcome.measured
    assert "four packets" in outcome.measured


def test_a_bind_to_all_addresses_is_fine_with_an_address_to_tell() -> None:
    """Peers get the one that they can reach."""
    text = '[rtp]\nbind = "0.0.0.0"\nadvertise = "192.0.2.1"'

    assert fails(examples.healthy(text)) == []


def test_the_fix_for_too_few_ports_is_enough() -> None:
    """Following the advice ends the finding."""
    fix = next(f.fix for f in examine(examples.healthy("[limits]\nmax_calls = 6000")) if f.fix)
    last_port = fix.split("rtp.last_port to ")[1].split()[0]

    text = f"[limits]\nmax_calls = 6000\n[rtp]\nlast_port = {last_port}"
    assert "RTP-001" not in dict(fails(examples.healthy(text)))
