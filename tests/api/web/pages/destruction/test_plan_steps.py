"""A plan's page in each of its states, before each role: what it offers works, nothing else."""

import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final

import pytest

from api.permissions.roles import Role
from tests.api.web.pages.browser import text_of
from tests.api.web.pages.real import RealBrowser, new_person, new_session, real_browser
from tests.support.web.destruction import take_over

STEPS: Final = ("approve", "apply", "withdraw", "stop")
# A form, or the link to the page that asks once more.
_OFFERED: Final = re.compile(r'(?:action|href)="/plans/1/(approve|apply|withdraw|stop)"')
At = Callable[[RealBrowser], Awaitable[None]]


async def _planned(it: RealBrowser) -> None:
    take_over(it.engine)
    new_person(it.engine, "sato", Role.LEGAL)
    assert (await it.send("/plans", {})).status_code == 303


async def _by(it: RealBrowser, name: str, step: str) -> None:
    own = it.session
    it.hold(new_session(it.engine, name))
    await it.send(f"/plans/1/{step}", {})
    it.hold(own)


async def _approved(it: RealBrowser) -> None:
    await _planned(it)
    await _by(it, "sato", "approve")


async def _taken_back(it: RealBrowser) -> None:
    await _planned(it)
    assert (await it.send("/approvals/1/withdraw", {})).status_code == 303


async def _wanted(it: RealBrowser) -> None:
    """The key daemon of these houses is away."""
    await _approved(it)
    await it.send("/plans/1/apply", {})


async def _stopped(it: RealBrowser) -> None:
    await _planned(it)
    await it.send("/plans/1/stop", {})


STATES: Final[dict[str, tuple[At, str]]] = {
    "planned": (_planned, "Next: sato approves it, until"),
    "approved": (_approved, "Next: yamada, who proposed it, has it carried out, until"),
    "taken back": (_taken_back, "Next: who destroys recordings proposes it again"),
    "wanted": (_wanted, "Next: the key daemon takes it by itself"),
    "stopped": (_stopped, "yamada has stopped it."),
}
# Who made it, who approves, and another person of each role.
WHO: Final = ("yamada", "sato", *(role.value for role in Role))


def _hold(it: RealBrowser, who: str) -> None:
    if who not in ("yamada", "sato"):
        new_person(it.engine, who, Role(who))
    it.hold(new_session(it.engine, who))


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("who", WHO)
async def test_a_plan_offers_to_each_role_what_works_and_refuses_the_rest(
    tmp_path: Path, state: str, who: str
) -> None:
    """What was offered is done, as the next look at the page says; who may not look sees none."""
    come, _ = STATES[state]
    async with real_browser(tmp_path, Role.RETENTION_OWNER) as it:
        await come(it)
        _hold(it, who)
        page = await it.see("/plans/1")
        offered = set(_OFFERED.findall(page.text)) if page.status_code == 200 else set()
        refused = [await it.send(f"/plans/1/{step}", {}) for step in STEPS if step not in offered]
    # Who has proposed it and asks again is told that it waits.
    assert {answer.status_code for answer in refused} <= {200, 403, 409}, [a.url for a in refused]

    for place, step in enumerate(sorted(offered)):
        folder = tmp_path / str(place)
        folder.mkdir()
        async with real_browser(folder, Role.RETENTION_OWNER) as it:
            await come(it)
            _hold(it, who)
            before = text_of(await it.see("/plans/1"))
            done = await it.send(f"/plans/1/{step}", {})
            after = text_of(await it.see("/plans/1"))
        if done.status_code == 503:
            assert "Nothing is destroyed; do it again later." in text_of(done)
        else:
            # Who proposes it is told that another person must approve.
            assert done.status_code in (200, 303), step
            assert before != after, step


@pytest.mark.parametrize("state", STATES)
async def test_a_plan_says_who_did_what_and_what_comes_next_for_whom(
    tmp_path: Path, state: str
) -> None:
    """The same words for everybody who may see it."""
    come, comes_next = STATES[state]
    async with real_browser(tmp_path, Role.RETENTION_OWNER) as it:
        await come(it)
        own = text_of(await it.see("/plans/1"))
        it.hold(new_session(it.engine, "sato"))
        of_other = text_of(await it.see("/plans/1"))

    assert comes_next in own
    assert comes_next in of_other
    assert "Made by yamada" in own
    assert ("Approved by sato" in own) == (state in ("approved", "wanted"))


async def test_what_destroys_is_asked_once_more_with_its_number(tmp_path: Path) -> None:
    """Before another person's word the address leads back to the plan."""
    async with real_browser(tmp_path, Role.RETENTION_OWNER) as it:
        await _planned(it)
        early = await it.see("/plans/1/apply")
        await _by(it, "sato", "approve")
        asked = text_of(await it.see("/plans/1/apply"))
        it.hold(new_session(it.engine, "sato"))
        of_other = await it.see("/plans/1/apply")

    assert (early.status_code, of_other.status_code) == (303, 303)
    assert "Destroy 1 recordings" in asked
    assert "Nobody can bring them back" in asked
