"""Whose a dialog is, by address, certificate, group and account, whatever is configured later."""

import dataclasses
from ipaddress import ip_network

import pytest

from capture.peers.dialog_access import dialog_access, owner_called, owner_of
from capture.peers.sources import Source, Sources
from capture.sip.flow import Address, Flow
from capture.sip.owner import DialogAccess, Owner

HERE = Address("192.0.2.9", 5061)


def source(name: str, *networks: str, tenant: bytes = b"t" * 16, **terms: str) -> Source:
    found = tuple(map(ip_network, networks))
    return Source(name=name, tenant=tenant, networks=found, **terms)  # type: ignore[arg-type]  # texts all


def flow(host: str, *names: str, port: int = 40_000) -> Flow:
    transport = "tls" if names else "udp"
    return Flow(transport=transport, local=HERE, remote=Address(host, port), names=names)


PBX = source("pbx", "192.0.2.1/32", "192.0.2.2/32")
TRUNK = source("trunk", "198.51.100.0/24")
TWIN = source("twin", "192.0.2.64/26", certificate="twin.example")
OTHER_TWIN = source("other twin", "192.0.2.64/26", certificate="other.example")


def of(
    sources: Sources, owner: Owner, host: str, *names: str, last: str = "192.0.2.1"
) -> DialogAccess:
    return dialog_access(sources, owner, flow(last), flow(host, *names))


def test_all_addresses_of_its_source_are_its_own() -> None:
    """A pair behind one source fails over to the other's address."""
    sources, owner = Sources((PBX, TRUNK)), owner_of(PBX, "192.0.2.1")

    assert of(sources, owner, "192.0.2.2") is DialogAccess.OWN
    assert of(sources, owner, "198.51.100.1") is DialogAccess.GUEST
    assert of(sources, owner, "203.0.113.1") is DialogAccess.STRANGER


def test_who_is_told_by_his_certificate_is_told_by_nothing_else() -> None:
    """A connection made anew proves it again, from whatever address; his address alone does not."""
    sources, owner = Sources((TWIN, OTHER_TWIN)), owner_of(TWIN, "192.0.2.65")

    assert of(sources, owner, "192.0.2.66", "twin.example") is DialogAccess.OWN
    assert of(sources, owner, "203.0.113.1", "twin.example") is DialogAccess.OWN
    assert (
        of(sources, owner, "192.0.2.65", "other.example", last="192.0.2.65") is DialogAccess.GUEST
    )
    assert of(sources, owner, "192.0.2.65", last="192.0.2.65") is DialogAccess.STRANGER


def test_who_shares_an_address_and_proves_another_name_is_another() -> None:
    """One source of these addresses needs no certificate, the other has one."""
    plain = source("plain", "192.0.2.64/26")
    sources, owner = Sources((plain, TWIN)), owner_of(plain, "192.0.2.65")

    assert of(sources, owner, "192.0.2.65", last="192.0.2.65") is DialogAccess.OWN
    assert of(sources, owner, "192.0.2.65", "twin.example", last="192.0.2.65") is DialogAccess.GUEST


def test_a_call_that_we_made_is_the_targets_its_sources_and_of_who_answered() -> None:
    """A Kamailio pair is two addresses of the target; a callee's BYE may go past the proxy."""
    sources = Sources((PBX, TRUNK))
    owner = owner_called(PBX, ("192.0.2.30/32", "192.0.2.31/32"), "192.0.2.30", PBX.tenant)
    owner = owner.reached_at(b"sip:201@203.0.113.20:5060")

    for host in ("192.0.2.30", "192.0.2.31", "192.0.2.1", "203.0.113.20"):
        assert of(sources, owner, host) is DialogAccess.OWN
    assert of(sources, owner, "198.51.100.1") is DialogAccess.GUEST
    assert of(sources, owner, "203.0.113.21") is DialogAccess.STRANGER


def test_a_source_of_another_tenant_at_the_targets_place_is_not_its_source() -> None:
    """What calls from there is another customer's."""
    sources = Sources((dataclasses.replace(PBX, tenant=b"u" * 16),))
    owner = owner_called(sources.known[0], (), "192.0.2.1", PBX.tenant)

    assert of(sources, owner, "192.0.2.1") is DialogAccess.OWN
    assert of(sources, owner, "192.0.2.2") is DialogAccess.STRANGER


@pytest.mark.parametrize("user", ["phone", ""])
def test_another_source_with_the_account_may_prove_it(user: str) -> None:
    """A telephone that has wandered from one network into another."""
    home = dataclasses.replace(PBX, user=user)
    away = dataclasses.replace(TRUNK, user=user)
    owner = owner_of(home, "192.0.2.1")

    expected = DialogAccess.UNPROVED if user else DialogAccess.GUEST
    assert of(Sources((home, away)), owner, "198.51.100.1") is expected
    assert of(Sources((home, TRUNK)), owner, "198.51.100.1") is DialogAccess.GUEST


def test_an_owner_round_trips_and_what_it_is_called_later_changes_nothing() -> None:
    """The state outlives the process."""
    sources, owner = Sources((source("renamed", "192.0.2.1/32"),)), owner_of(PBX, "192.0.2.1")

    assert of(sources, owner, "192.0.2.2") is DialogAccess.OWN
    assert of(sources, owner, "192.0.2.1") is DialogAccess.OWN
    assert owner_of(None, "192.0.2.1").hosts == ("192.0.2.1",)
