"""What was begun with legal holds is finished by nobody's doing."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from archive.catalog.database.engine import writing
from archive.catalog.register.legal_holds import HoldFigures, release
from archive.moments import EPOCH
from tests.api.holds.scene import hold_site, wish
from tests.archive.catalog.examples import author
from tests.support.hold_scenes import GRACE_US


async def test_a_placing_that_nobody_goes_on_with_is_finished_and_the_journal_says_by_whom(
    tmp_path: Path,
) -> None:
    """The fence does not stay up because somebody went home."""
    async with hold_site(tmp_path) as site:
        site.key_client.away = True
        await site.placements.place(site.owner, wish())
        site.key_client.away = False
        await site.upkeep.once()
        (found,) = await site.holds.listed(site.owner)
        (told,) = site.it.journal("hold_activated")

    assert (found.hold.state, told.actor) == ("active", "rokuon")


async def test_where_nothing_was_left_the_key_daemon_tells_its_fence_alone(tmp_path: Path) -> None:
    """It is done twice a minute; a keystore that was put back has one that nobody raised."""
    async with hold_site(tmp_path) as site:
        await site.placements.place(site.owner, wish())
        asked = len(site.key_client.asked)
        await site.upkeep.once()

    assert site.key_client.asked[asked:] == ["fence", "holds"]


async def test_figures_are_those_of_holds_in_force(tmp_path: Path) -> None:
    """What two of them have is counted once; a review date that is today is not over."""
    async with hold_site(tmp_path) as site:
        first = await site.placements.place(site.owner, wish())
        today = (EPOCH + timedelta(microseconds=site.it.now_us)).date()
        wishes = (replace(wish(), review_on=today - timedelta(days=ago)) for ago in (0, 1))
        second, third = [await site.placements.place(site.owner, each) for each in wishes]
        found = await site.upkeep.figures()
        with writing(site.it.engine) as connection:
            for each in (first, second, third):
                release(
                    connection, author(), each.hold, site.it.now_us + GRACE_US, one_person=False
                )
        after = await site.upkeep.figures()

    assert found == HoldFigures(held=3, past_review=(third.hold.number,))
    assert after == HoldFigures()
