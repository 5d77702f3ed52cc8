"""Where calls of our own go."""

from pathlib import Path

import pytest

from rokuon.compose.selftest.own_target import is_own_source, own_target
from rokuon.config.load import parse


@pytest.mark.parametrize(
    ("bind", "host"),
    [
        ("0.0.0.0", "127.0.0.1"),  # noqa: S104  # a setting; nothing is bound
        ("::", "::1"),
        ("127.0.0.1", "127.0.0.1"),
        ("192.0.2.20", "192.0.2.20"),
    ],
)
def test_a_machine_that_answers_on_all_its_addresses_is_called_on_loopback(
    bind: str, host: str, tmp_path: Path
) -> None:
    """From 127.0.0.9 a call to 0.0.0.0 went to 127.0.0.9: the inline self-test heard nothing."""
    text = f'[sip]\nbind = "{bind}"\nadvertise = "192.0.2.20"\nport = 5070\n'

    target = own_target(parse(text, name="-", base=tmp_path))

    assert (target.host, target.port) == (host, 5070)


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("", True),
        ('[sip]\nbind = "192.0.2.20"\n', False),
        ('[[source]]\nname = "pbx"\naddress = ["192.0.2.10/32"]\n', False),
        (
            '[sip]\nbind = "192.0.2.20"\n[[source]]\nname = "lan"\naddress = ["192.0.2.0/24"]\n',
            True,
        ),
    ],
    ids=["default", "own address", "sources of the site", "own network"],
)
def test_this_machine_may_call_where_a_source_has_its_address(
    text: str, is_one: bool, tmp_path: Path
) -> None:
    """Who belongs to no source gets no answer, and would take Rokuon for down."""
    assert is_own_source(parse(text, name="-", base=tmp_path)) == is_one
