"""`rokuon source`."""

import json

from capture.peers.source_watch import UNKNOWN_FILE
from tests.rokuon.cli.command import run_at
from tests.rokuon.installation import Installation, installation


def test_an_address_is_shown_as_its_source(site: Installation) -> None:
    """Exit 3 for one that is none."""
    known = run_at(site, "source", "test", "127.0.0.2", "-o", "json")
    unknown = run_at(site, "source", "test", "192.0.2.1")

    assert json.loads(known.output)["name"] == "loopback"
    assert unknown.exit_code == 3


def test_who_sent_calls_without_being_a_source_comes_with_the_block_to_add() -> None:
    """Copy, paste, name it."""
    with installation() as made:
        assert run_at(made, "source", "unknown").exit_code == 0
        (made.config.capture_path / UNKNOWN_FILE).write_text(
            '{"address": "192.0.2.7", "count": 214, "last_at": 1795641630494972}\n'
        )
        result = run_at(made, "source", "unknown")

    assert result.exit_code == 3
    assert '[[source]]\nname = "new-1"\naddress = ["192.0.2.7"]' in result.output
