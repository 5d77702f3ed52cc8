"""Who acts, and why."""

from dataclasses import replace

import pytest

from api.permissions.actor import Actor
from tests.api.actors import reviewer


@pytest.mark.parametrize(
    ("stated", "own", "purpose"),
    [("dispute", "quality", "dispute"), ("", "quality", "quality"), ("", "", "")],
)
def test_what_is_stated_goes_before_what_the_account_has(
    stated: str, own: str, purpose: str
) -> None:
    """Who says why is taken at its word."""
    assert Actor(account=replace(reviewer(), purpose=own), stated=stated).purpose == purpose
