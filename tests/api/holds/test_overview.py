"""Legal holds as one looks at them."""

from pathlib import Path

import pytest

from api.permissions.errors import NotAllowed
from api.permissions.roles import VERBS, Role
from api.permissions.verbs import Verb
from archive.catalog.holds.held_recordings import Counts, HeldPage
from archive.catalog.register.legal_holds import UnknownHold
from tests.api.holds.scene import hold_site, wish
from tests.archive.catalog.examples import recording_id


async def test_holds_are_listed_and_shown_with_what_they_have(tmp_path: Path) -> None:
    """Oldest first; each recording by its id."""
    async with hold_site(tmp_path) as site:
        first = await site.placements.place(site.owner, wish(recording_id(1).raw))
        second = await site.placements.place(site.owner, wish())
        page = await site.holds.recordings(site.owner, second.hold.number, HeldPage(limit=2))

        assert await site.holds.listed(site.other) == (first, second)
        assert await site.holds.show(site.other, first.hold.number) == first
        with pytest.raises(UnknownHold):
            await site.holds.show(site.other, 99)

    assert (first.counts, second.counts) == (Counts(held=1), Counts(held=3))
    assert [each.recording for each in page] == [recording_id(1), recording_id(2)]


@pytest.mark.parametrize("role", Role)
async def test_who_may_approve_a_release_may_look(tmp_path: Path, role: Role) -> None:
    """Nobody approves what it cannot see."""
    async with hold_site(tmp_path, calls=0) as site:
        actor = site.it.person("suzuki", role)
        may = Verb.HOLD_READ in VERBS[role]
        if may:
            assert await site.holds.listed(actor) == ()
        else:
            with pytest.raises(NotAllowed):
                await site.holds.listed(actor)

    assert may or Verb.APPROVE not in VERBS[role]
