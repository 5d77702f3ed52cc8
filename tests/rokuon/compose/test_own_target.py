"""Where calls of our own go."""

from pathlib import Path

import pytest

from rokuon.compose.own_target import own_target
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
