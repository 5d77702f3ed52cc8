"""Who is at the other end of a Unix socket."""

from api.permissions.peers import Peer


def test_root_is_known_by_its_number() -> None:
    """Whatever it is called."""
    assert Peer(0, "toor").is_root
    assert not Peer(1000, "root").is_root
