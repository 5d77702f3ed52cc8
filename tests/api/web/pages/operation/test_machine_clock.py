"""The page of the clock: what is known of it, and who says that it is right."""

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from api.permissions.roles import Role
from api.web.pages.form_faults import NotUnderstood
from api.web.pages.operation.machine_clock import read_off
from archive.access.reach import ReachRule
from archive.catalog.accounts.given_roles import give_role
from archive.catalog.accounts.persons import user_named
from archive.catalog.database.engine import writing
from archive.ids import DEFAULT_TENANT
from tests.api.clock_keys import PAUSED, SURE
from tests.api.web.pages.browser import browser, text_of
from tests.api.web.pages.real import new_session, real_browser
from tests.archive.catalog.examples import NOW_US, author
from tests.support.web.destruction import take_over

NOW = datetime.fromtimestamp(NOW_US / 1_000_000, UTC)
TOKYO = ZoneInfo("Asia/Tokyo")
BERLIN = ZoneInfo("Europe/Berlin")
FORM = 'action="/clock/confirm"'


def typed(now: datetime = NOW, zone: ZoneInfo = TOKYO) -> str:
    """What a browser sends of a watch that says so."""
    return now.astimezone(zone).strftime("%Y-%m-%dT%H:%M")


async def test_a_retention_owner_sees_which_clock_says_what_and_confirms_another_one(
    tmp_path: Path,
) -> None:
    """The key daemon hears it once the journal has it, as by the command."""
    async with real_browser(tmp_path, Role.RETENTION_OWNER) as it:
        keys = it.page.clock_keys
        keys.facts = PAUSED
        seen = await it.see("/clock")
        given = await it.send("/clock/confirm", {"read_at": typed()})
        behind = await it.see("/clock")
        (entry,) = it.journal("clock_confirmed")

    assert FORM in seen.text
    assert "no: nobody was here for more than 36 hours" in text_of(seen)
    assert "its clock is not synchronised" in text_of(seen)
    assert "Nothing is destroyed since" in text_of(seen)
    assert "ten minutes after the kernel says" in text_of(seen)
    assert (given.status_code, given.headers["location"]) == (303, "/clock")
    assert (keys.words, keys.facts, entry.actor) == ([1], SURE, "yamada")
    assert FORM not in behind.text


@pytest.mark.parametrize(
    ("at", "status"),
    [
        ("", 422),
        ("today", 422),
        ("-0m", 422),
        ("09:12", 422),
        (NOW.astimezone(TOKYO).strftime("%Y-%m-%d"), 422),
        ("2026-99-99T09:12", 422),
        ("0001-01-01T00:00", 409),
        ("9999-12-31T23:59", 409),
        ("2036-01-01T00:00", 409),
        (typed(zone=ZoneInfo("UTC")), 409),
    ],
)
async def test_what_no_watch_says_confirms_nothing(tmp_path: Path, at: str, status: int) -> None:
    """Neither another time, nor one that the machine would fill in from its own clock."""
    async with real_browser(tmp_path, Role.RETENTION_OWNER) as it:
        it.page.clock_keys.facts = PAUSED
        answer = await it.send("/clock/confirm", {"read_at": at})

    assert answer.status_code == status, answer.text
    assert it.page.clock_keys.words == []
    assert ('aria-invalid="true"' in answer.text) is (status == 422)
    assert ("The clock of the machine says another" in answer.text) is (status == 409)


async def test_who_may_not_confirm_sees_who_may(tmp_path: Path) -> None:
    """And is refused where it sends the form all the same."""
    async with real_browser(tmp_path, Role.AUDITOR) as it:
        it.page.clock_keys.facts = PAUSED
        seen = await it.see("/clock")
        sent = await it.send("/clock/confirm", {"read_at": typed()})

    assert FORM not in seen.text
    assert "Who may has one of these roles, for all recordings: retention owner" in text_of(seen)
    assert sent.status_code == 403
    assert it.page.clock_keys.words == []


async def test_who_manages_destruction_for_a_part_alone_confirms_nothing(tmp_path: Path) -> None:
    """What is let go by it lies beyond that part, too."""
    async with real_browser(tmp_path, Role.AUDITOR) as it:
        it.page.clock_keys.facts = PAUSED
        with writing(it.engine) as connection:
            user = user_named(connection, DEFAULT_TENANT, "yamada")
            part = ReachRule(queues=frozenset({"support"}))
            give_role(connection, author(), user, Role.RETENTION_OWNER, part)
        it.hold(new_session(it.engine, "yamada"))
        seen = await it.see("/clock")
        sent = await it.send("/clock/confirm", {"read_at": typed()})

    assert FORM not in seen.text
    assert "one of these roles, for all recordings: retention owner" in text_of(seen)
    assert (sent.status_code, it.page.clock_keys.words) == (403, [])


async def test_where_destruction_waits_for_the_clock_the_pages_lead_there(tmp_path: Path) -> None:
    """Who wonders why nothing goes looks at plans first; where nobody doubts it, none says so."""
    led = {}
    async with real_browser(tmp_path, Role.RETENTION_OWNER) as it:
        take_over(it.engine)
        at = (await it.send("/plans", {})).headers["location"]
        for facts in (PAUSED, SURE):
            it.page.clock_keys.facts = facts
            pages = [(await it.see(path)).text for path in ("/plans", at, "/overdue")]
            led[facts.doubt] = ["nobody knows whether date and time" in each for each in pages]
        it.page.clock_keys.facts = PAUSED
        await it.send(f"{at}/stop", {})
        over = await it.see(at)

    assert led == {"pause": [True] * 3, "": [False] * 3}
    assert "nobody knows whether date and time" not in over.text


async def test_while_the_key_daemon_is_away_plans_are_shown_and_the_clock_is_not(
    tmp_path: Path,
) -> None:
    """It alone knows whether the clock is doubted."""
    async with browser(tmp_path, Role.RETENTION_OWNER) as page:
        page.clock_keys.away = True
        plans = await page.see("/plans")
        clock = await page.see("/clock")

    assert (plans.status_code, clock.status_code) == (200, 503)


def test_a_doubled_hour_is_the_one_that_is_nearer() -> None:
    """No watch says which of the two it is; an offset that is typed counts."""
    second = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)

    assert read_off("2026-10-25T02:30", BERLIN, second).astimezone(UTC) == second
    assert read_off("2026-10-25 02:30+02:00", BERLIN, second).astimezone(UTC).hour == 0
    with pytest.raises(NotUnderstood):
        read_off("02:30", BERLIN, second)
