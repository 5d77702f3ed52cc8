"""What tests of simulations share."""

from pathlib import Path

import pytest

from retention.policies.policy_text import policy_text
from tests.retention.examples import policy, rule


@pytest.fixture
def file(tmp_path: Path) -> str:
    """A policy by which every call is over its time at once."""
    path = tmp_path / "policy.toml"
    path.write_text(policy_text(policy(rule("short", after="P0D"))), "utf-8")
    return str(path)
