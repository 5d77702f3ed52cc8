"""One instance of each part in its folder. Second ones as processes: `tests/crash`."""

from pathlib import Path

import pytest

from rokuon.compose.processes.instances import (
    folder_of,
    locks_of_capture,
    locks_of_parts,
    only_instance,
)
from rokuon.compose.processes.lock import only_one
from rokuon.compose.processes.supervisor import START_ORDER
from rokuon.compose.start.foreground_part import serve_part
from rokuon.config.load import parse
from rokuon.config.schema import Config
from rokuon.messages.choices import Part
from rokuon.messages.errors import AlreadyRunning

PARTS = tuple(part.value for part in Part if part is not Part.ALL)


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return parse("", name="-", base=tmp_path)


@pytest.mark.parametrize("part", PARTS)
def test_a_second_part_touches_nothing_of_the_first(config: Config, part: str) -> None:
    """Two key daemons had one socket: the second had taken it, the first answered nobody."""
    with only_instance(config, part, 1):
        before = sorted(config.node.data.rglob("*"))
        with pytest.raises(AlreadyRunning, match=part):
            serve_part(part, lambda: config, (), 1)

    assert sorted(config.node.data.rglob("*")) == before


def test_several_workers_have_a_lock_each(config: Config) -> None:
    """There is one of them for each core."""
    with only_instance(config, "ingest", 0), only_instance(config, "ingest", 1):
        names = sorted(path.name for path in config.run_path.iterdir())

    assert names == ["ingest-0.lock", "ingest-1.lock"]


def test_a_part_has_its_lock_where_its_user_may_write(config: Config) -> None:
    """Under systemd each part has a user and folders of its own (`deploy/systemd`)."""
    found = {part: folder_of(config, part) for part in START_ORDER}

    assert found == {
        "keys": config.keys.path,
        "capture": config.run_path,
        "keeper": config.catalog_path,
        "retention": config.catalog_path,
        "api": config.sign_in_key.parent,
    }
    assert [path.stem for path in locks_of_parts(config)] == [*START_ORDER]


def test_capture_waits_for_every_process_that_may_have_its_sockets(config: Config) -> None:
    """Also for workers that there are no more of; not for itself, nor for others beside it."""
    names = ("capture", "holder", "ingest-7", "relay-0", "signalling", "serve")
    for name in names:
        with only_one(config.run_path, name):
            pass

    found = {path.stem for path in locks_of_capture(config)}
    assert found == {*names} - {"capture", "serve"}
