"""`rokuon backup`: made, listed, verified, tried out."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from rokuon.cli.terminal.exits import Exit
from rokuon.compose.archive.keeper import recover
from tests.rokuon.cli.command import run_at
from tests.rokuon.installation import Installation, installation


@pytest.fixture(scope="module")
def site() -> Iterator[Installation]:
    with installation() as made:
        made.put_call()
        recover(made.config)
        yield made


def test_sets_are_made_listed_verified_and_tried_out(site: Installation) -> None:
    """As an administrator would, by the command line alone."""
    made = run_at(site, "backup", "create", "-o", "json")
    assert made.exit_code == Exit.OK, made.output
    names = [each["name"] for each in json.loads(made.output)]
    listed = json.loads(run_at(site, "backup", "list", "-o", "json").output)
    assert [each["name"] for each in listed] == names
    for name in names:
        (file,) = Path(site.config.backup.path).rglob(name)
        verified = run_at(site, "backup", "verify", str(file), "-o", "json")
        assert json.loads(verified.output)["file"] == name
    tried = json.loads(run_at(site, "backup", "drill", "-o", "json").output)

    assert [tried["keystore_set"], tried["catalog_set"]] == names
    assert tried["parts"] == 1


def test_a_running_installation_is_not_restored_over(site: Installation) -> None:
    """What runs would go on with what it has."""
    run_at(site, "backup", "create")
    file = next(Path(site.config.backup.path).rglob("*.rkb"))
    refused = run_at(site, "backup", "restore", str(file))

    assert refused.exit_code != Exit.OK
