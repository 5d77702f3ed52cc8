"""The identity of a capture node on its disk."""

import json
from pathlib import Path

import pytest

from archive.ids import NodeId
from rokuon.compose.capture.node_identity import ensure_identity, read_identity
from rokuon.messages.errors import IdentityRefused


def test_an_identity_that_others_can_read_is_refused(tmp_path: Path) -> None:
    """Who can read it can sign as this node."""
    ensure_identity(tmp_path)
    (tmp_path / "node.json").chmod(0o640)

    with pytest.raises(IdentityRefused, match="chmod 600"):
        read_identity(tmp_path)


@pytest.mark.parametrize(
    "change",
    [{"version": 2}, {"private": "AAAA"}, {"private": 5}, {"node": "xyz"}, {"node": None}],
)
def test_a_damaged_identity_is_refused_by_name(tmp_path: Path, change: dict[str, object]) -> None:
    """Never a new identity in its place: the old one signed what lies in the spool."""
    ensure_identity(tmp_path)
    file = tmp_path / "node.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | change))

    with pytest.raises(IdentityRefused):
        read_identity(tmp_path)


def test_an_identity_shows_its_id_only(tmp_path: Path) -> None:
    """It may end up in a log."""
    identity = ensure_identity(tmp_path)

    assert repr(identity) == f"NodeIdentity({identity.node})"
    assert isinstance(identity.node, NodeId)
