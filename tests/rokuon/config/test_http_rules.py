"""What the settings of the API must be to each other."""

from pathlib import Path

import pytest

from rokuon.config.config_problems import ConfigRefused
from rokuon.config.http_rules import http_problems
from rokuon.config.load import parse
from rokuon.config.schema import HttpSettings

FILE = Path("/etc/ssl/rokuon.pem")
ALL = "0.0.0.0"  # noqa: S104  # as it is configured


@pytest.mark.parametrize(
    ("http", "key"),
    [
        *(
            (HttpSettings(hosts=("a.example", name)), "http.hosts[1]")
            for name in (
                "https://a.example",
                "a.example:443",
                "*.example",
                "a.",
                "",
                "録音.example",
            )
        ),
        (HttpSettings(trusted_proxies=("::1", "*")), "http.trusted_proxies[1]"),
        (HttpSettings(certificate=FILE), "http.key"),
        (HttpSettings(key=FILE), "http.certificate"),
        *((HttpSettings(bind=bind), "http.bind") for bind in (ALL, "::", "192.0.2.20")),
    ],
)
def test_what_does_not_fit_is_named_by_its_key(http: HttpSettings, key: str) -> None:
    """And nothing else is."""
    assert [problem.key for problem in http_problems(http)] == [key]


@pytest.mark.parametrize(
    "http",
    [
        HttpSettings(),
        HttpSettings(bind="::1"),
        HttpSettings(bind="127.0.0.9"),
        HttpSettings(bind=ALL, certificate=FILE, key=FILE),
        HttpSettings(bind="192.0.2.20", trusted_proxies=("192.0.2.21",)),
    ],
)
def test_what_nobody_can_read_along_fits(http: HttpSettings) -> None:
    """This machine alone, TLS of ours, or a proxy that has it."""
    assert list(http_problems(http)) == []


def test_a_node_that_would_answer_the_network_in_clear_does_not_start() -> None:
    """The file is refused, with what would do."""
    with pytest.raises(ConfigRefused) as refused:
        parse('[http]\nbind = "0.0.0.0"', name="-", base=Path())

    assert [each.key for each in refused.value.problems] == ["http.bind"]
    assert "http.certificate" in refused.value.problems[0].help
