"""Which runs have no certificate yet."""

from pathlib import Path

from archive.catalog.database.engine import reading
from archive.catalog.destruction.certificates import uncertified_plans
from archive.ids import DEFAULT_TENANT
from tests.api.destruction.scene import Installation, installed
from tests.support.certificates.rounds import rounds, swept


async def test_a_run_is_there_from_its_end_until_it_is_certified(tmp_path: Path) -> None:
    """One that goes on is not, nor one that destroyed nothing."""
    async with installed(tmp_path / "a", 1) as made:
        seen = [_now(made)]
        await swept(made)
        seen.append(_now(made))
        rounds(made).round()
        seen.append(_now(made))

    assert seen == [(), (1,), ()]


def _now(made: Installation) -> tuple[int, ...]:
    with reading(made.it.engine) as connection:
        return uncertified_plans(connection, DEFAULT_TENANT)
