"""No process of capture keeps a key of a part that is closed."""

import os
import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.errors import KeyRefused
from archive.format.floe import DEFAULT, FloeMessage, derive
from archive.format.header import BLOCK_BYTES, HeaderBlock, aad_of, floe_header_of
from archive.keys.client.key_client import KeyClient
from rokuon.compose.archive.key_daemon import open_keys
from rokuon.selftest.signalling import Target
from tests.crash.account import LEAD_BYTES, begun_parts, spool_files
from tests.crash.load import open_load
from tests.crash.memory import found_in
from tests.crash.runs import SETUPS_PER_S
from tests.crash.whole import START_WITHIN_S, Whole, part_of, wait_until

CALLS = 1
CLEAN_AFTER_S = 1.0

pytestmark = [
    pytest.mark.skipif(os.geteuid() != 0, reason="only root reads another's memory"),
    pytest.mark.slow,
]


@pytest.fixture
def whole(tmp_path: Path) -> Iterator[Whole]:
    made = Whole(tmp_path)
    made.start()
    yield made
    made.stop()


async def test_a_second_after_a_part_is_closed_no_capture_process_has_its_keys(
    whole: Whole,
) -> None:
    """While it is open the same search finds the message key in a worker: it can see."""
    luck = random.Random(1)  # noqa: S311 - a run must be repeatable
    async with open_load(Target(port=whole.sip_port), luck, calls=CALLS) as load:
        await load.place(CALLS, per_s=SETUPS_PER_S)
        wait_until(
            lambda: len(begun_parts(whole.config)) == CALLS, within_s=START_WITHIN_S, what="parts"
        )
        needles = keys_of_all_parts(whole)
        while_open = found_in_capture(whole, needles)
        await load.hang_up(per_s=SETUPS_PER_S)
    wait_until(
        lambda: all(path.suffix == ".sealed" for path in spool_files(whole.config)),
        within_s=START_WITHIN_S,
        what="the end of all parts",
    )
    closed_s = time.monotonic()
    wait_until(lambda: time.monotonic() > closed_s + CLEAN_AFTER_S, within_s=5, what="a second")

    assert {name for _, name in while_open} == {
        name for name in needles if not name.startswith("data")
    }
    assert all(part.startswith("ingest-") for part, _ in while_open)
    assert found_in_capture(whole, needles) == set()


def found_in_capture(whole: Whole, needles: dict[str, bytes]) -> set[tuple[str, str]]:
    """(part, needle) for holder, workers and signalling."""
    processes = {pid: part_of(pid) for pid in whole.pids}
    capture = {
        pid: part
        for pid, part in processes.items()
        if part.startswith(("capture", "holder", "ingest", "signalling"))
    }
    # Of signalling there are two, once its spare has been started.
    assert set(capture.values()) == {"capture", "holder", "ingest-0", "ingest-1", "signalling"}
    return {(part, name) for pid, part in capture.items() for name in found_in(pid, needles)}


def keys_of_all_parts(whole: Whole) -> dict[str, bytes]:
    """Data key, message key and segment key of every part in the spool, by the key daemon."""
    keys = open_keys(whole.config, "keeper")
    needles: dict[str, bytes] = {}
    for path in begun_parts(whole.config):
        lead = path.read_bytes()[BLOCK_BYTES:LEAD_BYTES]
        data_key = data_key_of(keys, lead)
        needles |= {f"{kind} of {path.name}": key for kind, key in derived(data_key, lead).items()}
    keys.close()
    return needles


def data_key_of(keys: KeyClient, block: bytes) -> bytes:
    """The key of a live part, once the keeper has adopted it."""
    got: list[bytes] = []

    def is_adopted() -> bool:
        try:
            got.append(bytes(keys.open_unarchived(HeaderBlock.decode(block).key)))
        except KeyRefused:
            return False
        return True

    wait_until(is_adopted, within_s=START_WITHIN_S, what="adoption of a key")
    return got[0]


def derived(data_key: bytes, block: bytes) -> dict[str, bytes]:
    """The keys by which a part can be read; the first segments share one."""
    iv, aad = FloeMessage.open(data_key, floe_header_of(block), aad_of(block)).iv, aad_of(block)
    message = bytes(derive(data_key, DEFAULT, iv, b"MESSAGE_KEY:", aad, 48))
    segment = derive(message, DEFAULT, iv, b"DEK:" + bytes(8), aad, 32)
    return {"data key": data_key, "message key": message, "segment key": bytes(segment)}
