"""What settings must be to each other."""

import dataclasses
from pathlib import Path

import pytest

from archive.ids import DEFAULT_TENANT
from rokuon.config.rules import problems_of, tenant_id
from rokuon.config.schema import (
    LOOPBACK,
    Config,
    HttpSettings,
    RetentionSettings,
    RtpSettings,
    SipSettings,
    SourceSettings,
)

STAMPS = "retention.time_stamps[1]"


def source(**change: object) -> SourceSettings:
    """The loopback source, changed."""
    return dataclasses.replace(LOOPBACK, **change)  # type: ignore[arg-type]  # any field


@pytest.mark.parametrize(
    ("config", "key"),
    [
        (Config(sip=SipSettings(bind="localhost")), "sip.bind"),
        (Config(http=HttpSettings(bind="")), "http.bind"),
        *(
            (Config(retention=RetentionSettings(time_stamps=("https://a/b", text))), STAMPS)
            for text in ("stamps.example", "ftp://a/", "https://", "https://u:p@a/", "http://[")
        ),
        (Config(rtp=RtpSettings(first_port=10_001)), "rtp.first_port"),
        (Config(rtp=RtpSettings(first_port=10_000, last_port=10_000)), "rtp.last_port"),
        (Config(source=(source(address=()),)), "source[0].address"),
        (Config(source=(source(address=("10.0.0.1/8",)),)), "source[0].address[0]"),
        (Config(source=(source(sip_advertise="sbc.example"),)), "source[0].sip_advertise"),
        (Config(source=(source(rtp_advertise="nat"),)), "source[0].rtp_advertise"),
        (Config(source=(source(zone="Asia/Tokio"),)), "source[0].zone"),
        (Config(source=(source(country="Japan"),)), "source[0].country"),
        (Config(source=(source(tenant="acme"),)), "source[0].tenant"),
        (Config(source=(source(internal_numbers=("2x",)),)), "source[0].internal_numbers[0]"),
        (Config(source=(source(pass_headers=("X-Agent", "To")),)), "source[0].pass_headers[1]"),
        (Config(source=(source(call_id_headers=("X-A", "X B:")),)), "source[0].call_id_headers[1]"),
        (Config(source=(source(user="u"),)), "source[0].password_file"),
        (
            Config(source=(LOOPBACK, source(name="loopback", address=("10.0.0.1/32",)))),
            "source[1].name",
        ),
        (
            Config(source=(LOOPBACK, source(name="sbc", address=("10.0.0.1/32", "127.0.0.2/32")))),
            "source[1].address[1]",
        ),
        (
            Config(
                source=(
                    source(peer_group="sbc"),
                    source(
                        name="sbc", address=("10.0.0.1/32",), peer_group="sbc", tenant="ab" * 16
                    ),
                )
            ),
            "source[1].peer_group",
        ),
    ],
)
def test_what_does_not_fit_is_named_by_its_key(config: Config, key: str) -> None:
    """Each rule has its own place in the file."""
    assert [problem.key for problem in problems_of(config)] == [key]


def test_sources_that_are_told_apart_by_certificates_may_share_addresses() -> None:
    """All of a provider's calls come from one network."""
    sip = SipSettings(
        certificate=Path("a"), key=Path("b"), client_certificates="optional",
        client_authorities=Path("c"),
    )  # fmt: skip
    own = source(name="sbc", certificate="sbc.example")

    assert problems_of(Config(sip=sip, source=(LOOPBACK, own))) == []


def test_the_defaults_fit() -> None:
    """Without a file everything works on this machine."""
    assert problems_of(Config()) == []


@pytest.mark.parametrize("number", ["2*", "+81312345*", "0312345678", "*", "03-1234-5678", "#12"])
def test_numbers_and_prefixes_are_text_of_digits(number: str) -> None:
    """As a PBX writes them."""
    assert problems_of(Config(source=(source(internal_numbers=(number,)),))) == []


def test_a_tenant_is_default_or_an_id() -> None:
    """The id is what files and keys carry."""
    assert tenant_id("default") == DEFAULT_TENANT
    assert str(tenant_id("ab" * 16)) == "ab" * 16
