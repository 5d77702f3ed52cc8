"""Each part with its own user and folder: calls are found, and capture's own folder opens none."""

import os
import random
import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from rokuon.selftest.signalling import Target
from tests.crash.account import begun_parts, spool_files
from tests.crash.load import open_load
from tests.crash.runs import SETUPS_PER_S
from tests.crash.split import USERS, Split, interpreter
from tests.crash.whole import START_WITHIN_S, wait_until
from tests.own_archive import find_all

pytestmark = pytest.mark.skipif(
    os.geteuid() != 0 or shutil.which("setpriv") is None or not interpreter(),
    reason="needs root, to be several users, and a Python and a checkout that they can read",
)


@pytest.fixture
def split() -> Iterator[Split]:
    """In a folder of its own: whoever starts pytest anew closes the one that holds `tmp_path`."""
    with TemporaryDirectory(prefix="rk") as folder:
        made = Split(Path(folder))
        try:
            made.start_all()
            yield made
        finally:
            made.stop()


async def speak(split: Split) -> str:
    """One call from its INVITE until it is archived; its id."""
    luck = random.Random(1)  # noqa: S311 - a run must be repeatable
    async with open_load(Target(port=split.sip_port), luck, calls=1) as load:
        await load.place(1, per_s=SETUPS_PER_S)
        wait_until(
            lambda: bool(begun_parts(split.config("capture"))),
            within_s=START_WITHIN_S,
            what="a part",
        )
        await load.hang_up(per_s=SETUPS_PER_S)
    config = split.config("keeper")
    wait_until(lambda: not spool_files(config), within_s=START_WITHIN_S, what="adoption")
    (row,) = find_all(config)
    return str(row["call"])


async def test_capture_alone_opens_nothing_and_says_why(split: Split) -> None:
    """Who has taken over capture, its folder and its spool, has no key to anything closed."""
    await speak(split)
    for words in (["verify"], ["recover"]):
        said = split.run("capture", *words)
        assert said.returncode == 1, said.stderr
        assert "the keys cannot be had" in said.stderr

    verified = split.run("api", "verify")
    assert verified.returncode == 0, verified.stdout


async def test_only_who_is_somebody_hears_a_call(split: Split) -> None:
    """Neither the user of the API nor root is, until root makes one a person: it alone may."""
    call = await speak(split)
    exported = split.site / "api/call.wav"
    export = ("calls", "export", call, "-O", str(exported))
    refused = [split.run("api", *export), split.run_as_root(*export)]
    for words in (
        ("add", "sato", "--purpose", "quality"),
        ("role", "sato", "disclosure"),
        ("os-name", "sato", f"uid-{USERS['api']}"),
    ):
        made = split.run_as_root("user", *words)
        assert made.returncode == 0, made.stderr

    assert [each.returncode for each in refused] == [4, 4], refused
    assert split.run("api", *export).returncode == 0
    assert exported.read_bytes().startswith(b"RIFF")


@pytest.mark.slow
async def test_archive_and_catalog_without_keys_open_nothing_either(split: Split) -> None:
    """A copy of everything but the keys is worth nothing."""
    await speak(split)
    without_keys = split.file("keeper").read_text().replace(f"{split.site}/keys", "/nonexistent")
    split.file("keeper").write_text(without_keys)

    for words in (["verify"], ["recover"]):
        said = split.run("keeper", *words)
        assert said.returncode == 1, said.stderr
        assert "the keys cannot be had" in said.stderr
