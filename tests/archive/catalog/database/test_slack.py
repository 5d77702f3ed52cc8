"""What rows leave behind in the files of an embedded catalog is gone after a pass."""

import random
import re
from pathlib import Path

import pytest
from sqlalchemy import Engine, delete, func, insert, select

from archive.catalog.database.engine import reading, writing
from archive.catalog.database.slack import cut_catalog_log, overwrite_some
from archive.catalog.tables.catalog import leg_address
from archive.catalog.tables.tenants import ensure_tenant
from archive.disk.sqlite_slack import Scrub
from archive.ids import DEFAULT_TENANT
from tests.archive.catalog.examples import new_catalog

pytestmark = pytest.mark.sqlite
KEPT, GONE = 3_500, 500


def numbers(engine: Engine) -> list[str]:
    """So many legs, of which every eighth is removed again: the numbers of those."""
    chance = random.Random(1)  # noqa: S311 - which numbers, not what they are
    told = [f"30{chance.randrange(10**8):08d}" for _ in range(KEPT + GONE)]
    with writing(engine) as connection:
        tenant = ensure_tenant(connection, DEFAULT_TENANT)
        rows = [_leg(tenant, at, number) for at, number in enumerate(told)]
        connection.execute(insert(leg_address), rows)
    with writing(engine) as connection:
        gone = connection.execute(delete(leg_address).where(leg_address.c.leg % 8 == 0))
        assert gone.rowcount == GONE
    return told[::8]


def _leg(tenant: int, at: int, number: str) -> dict[str, object]:
    spoken = {"raw": number, "e164": f"+81{number}", "last4": number[-4:], "aor": f"sip:{number}@x"}
    return {
        "tenant": tenant, "leg": at, "recording": at, "started_us": at,
        "reversed_digits": number[::-1], **spoken,
    }  # fmt: skip


def left(folder: Path, gone: list[str]) -> int:
    """How many of them are in any file below the folder, forwards or backwards."""
    content = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    ways = (content, content[::-1])
    seen = {each.decode() for way in ways for each in re.findall(rb"(?=(30\d{8}))", way)}
    return len(seen & set(gone))


def test_no_file_of_the_catalog_has_a_number_that_was_removed(tmp_path: Path) -> None:
    """Neither its log nor a page of an index in which it once lay."""
    engine = new_catalog(tmp_path)
    gone = numbers(engine)
    assert left(tmp_path, gone) == GONE
    cut_catalog_log(engine)
    assert left(tmp_path, gone) > 0
    scrub = Scrub()
    while overwrite_some(engine, scrub):
        pass

    assert cut_catalog_log(engine)
    assert left(tmp_path, gone) == 0
    with reading(engine) as connection:
        assert connection.scalar(select(func.count()).select_from(leg_address)) == KEPT
