"""The keeper as it is put together."""

import asyncio
from pathlib import Path

import pytest

from archive.errors import KeyUnavailable
from rokuon.compose.archive import catalog
from rokuon.compose.archive.keeper import recover
from rokuon.compose.start.foreground_part import part_main
from rokuon.config.load import parse
from tests.rokuon.installation import installation


@pytest.mark.both
def test_recovery_empties_the_spool_into_the_archive() -> None:
    """Part, map and kept intake page each in their place."""
    with installation() as made:
        recording = made.put_call()

        done, _ = recover(made.config)

        assert [name.recording for name in done.archived] == [recording]
        assert not [path for path in made.config.spool.path.rglob("*") if path.is_file()]
        assert len(made.archived()) == len(made.archived(".rkm")) == 1
        assert len(list(made.config.pages.path.iterdir())) == 1


def test_recovery_without_keys_touches_nothing(tmp_path: Path) -> None:
    """With capture's folder alone nothing opens, and nothing is made that looks like an archive."""
    config = parse("", name="-", base=tmp_path)

    with pytest.raises(KeyUnavailable):
        recover(config)

    assert list(tmp_path.iterdir()) == []


@pytest.mark.sqlite
async def test_the_part_is_ready_without_its_catalog_and_adopts_once_that_is_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A server that is down at the start: capture must not be ended for it."""
    monkeypatch.setattr(catalog, "AGAIN_S", 0.01)
    with installation() as made:
        made.put_call()
        folder = made.config.catalog_path
        content = (folder / "catalog.db").read_bytes()
        (folder / "catalog.db").unlink()
        (folder / "catalog.db").mkdir()  # what no database can be opened at
        stop, ready = asyncio.Event(), asyncio.Event()
        async with asyncio.TaskGroup() as group, asyncio.timeout(30):
            group.create_task(part_main("keeper")(made.config, stop, ready.set))
            await ready.wait()
            (folder / "catalog.db").rmdir()
            (folder / "catalog.db").write_bytes(content)
            while not made.archived(".rkm"):
                await asyncio.to_thread(ready.is_set)
            stop.set()

        assert len(made.archived()) == 1


async def test_the_part_adopts_what_is_there_and_stops_when_told() -> None:
    """Ready means that its folders and its catalog are there."""
    with installation() as made:
        made.put_call()
        stop, ready = asyncio.Event(), asyncio.Event()
        async with asyncio.TaskGroup() as group, asyncio.timeout(30):
            group.create_task(part_main("keeper")(made.config, stop, ready.set))
            await ready.wait()
            while made.config.spool.path.exists() and not made.archived(".rkm"):
                await asyncio.to_thread(ready.is_set)
            stop.set()

        assert len(made.archived()) == 1
