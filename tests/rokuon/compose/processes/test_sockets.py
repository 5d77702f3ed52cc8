"""The sockets of one node."""

from rokuon.compose.processes.sockets import holder_socket, link_socket, relay_socket, status_socket
from tests.rokuon.installation import Installation


def test_each_socket_has_a_place_of_its_own_in_the_run_folder(site: Installation) -> None:
    """Two under one name would take each other's questions."""
    paths = {
        each(site.config) for each in (holder_socket, status_socket, relay_socket, link_socket)
    }

    assert len(paths) == 4
    assert {path.parent for path in paths} == {site.config.run_path}
