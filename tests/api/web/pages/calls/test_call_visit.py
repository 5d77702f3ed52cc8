"""Who is at the page of which call."""

from pathlib import Path

import pytest

from api.permissions.errors import NotFound
from api.web.pages.calls.call_visit import call_of
from tests.api.examples import CALL
from tests.api.web.pages.browser import browser


async def test_a_call_is_named_by_its_id_alone() -> None:
    """What is none is not there, like what is another's."""
    assert str(await call_of(CALL)) == CALL
    with pytest.raises(NotFound):
        await call_of("days")


async def test_who_is_not_signed_in_learns_nothing_of_the_address(tmp_path: Path) -> None:
    """Whether it names a call or not: first comes who asks."""
    async with browser(tmp_path, signed_in=False) as page:
        answers = [await page.see(f"/calls/{id}") for id in (CALL, "nonsense")]

    assert [each.status_code for each in answers] == [303, 303]
