"""The pages of a simulation."""

import asyncio
import re
from dataclasses import replace
from pathlib import Path

from api.permissions.roles import Role
from archive.catalog.database.engine import writing
from archive.catalog.register.jobs import cancel_job
from archive.job_queue import JobKind
from retention.policies.policy_text import policy_text
from retention.rules.rule import Asset, Rank
from tests.api.examples import CALL
from tests.api.web.pages.browser import Browser, browser, text_of
from tests.archive.catalog.examples import author
from tests.retention.examples import policy, rule, terms
from tests.support.pages.simulation import SHORT

PROTECTING = policy_text(
    policy(rule("default", after="P1D"), rule("law", at_least="P10Y", rank=Rank.LAW))
)


async def ordered(page: Browser, text: str = SHORT) -> str:
    """The address of a simulation that waits."""
    answer = await page.send("/policy-draft/simulate", {"text": text.replace("\n", "\r\n")})
    assert answer.status_code == 303
    return answer.headers["location"]


async def worked(page: Browser) -> None:
    """The job is done."""
    assert await page.runner.work_one(JobKind.SIMULATION, asyncio.Event())


async def test_a_draft_is_simulated_and_the_page_looks_again_until_it_is_done(
    tmp_path: Path,
) -> None:
    """By itself where scripts run, by a link where none do; nothing of the policy is changed."""
    async with browser(tmp_path, Role.RETENTION_OWNER) as page:
        draft = await page.see("/policy-draft")
        at = await ordered(page)
        waits = await page.see(at)
        await worked(page)
        done = await page.see(at)
        policies = text_of(await page.see("/policies"))

    assert 'formaction="/policy-draft/simulate"' in draft.text
    assert f'hx-get="{at}" hx-trigger="load delay:1s"' in waits.text
    assert "<progress" in waits.text
    assert f'<a class="button" href="{at}">Refresh' in waits.text
    assert "hx-get" not in done.text.partition('id="simulation"')[2].partition(">")[0]
    assert "<progress" not in done.text
    assert "P1D" not in policies


async def test_what_came_of_it_stands_in_words_with_its_calendar_drawn_and_in_a_table(
    tmp_path: Path,
) -> None:
    """The call was a month ago, and today nothing ever goes."""
    async with browser(tmp_path, Role.RETENTION_OWNER) as page:
        at = await ordered(page, PROTECTING)
        await worked(page)
        told = text_of(await page.see(at))
        drawn = (await page.see(at)).text

    assert "go earlier 1 1.0 MiB" in told
    assert (
        told.index("due at once, not today") < told.index("go earlier") < told.index("go as today")
    )
    assert "protected by a minimum, a hold or a case 1 1.0 MiB" in told
    assert "past its maximum, kept by a minimum law" in told
    assert re.search(r"2036-10 0 1 1\.0 MiB", told)
    assert drawn.count('<rect class="then"') == 1
    assert " style=" not in drawn


async def test_facts_that_outlive_the_audio_have_a_calendar_of_their_own(tmp_path: Path) -> None:
    """Drawn and as a table; where none do, nothing is said of them."""
    longer = {Asset.AUDIO: terms("", "P1D"), Asset.METADATA: terms("", "P3Y")}
    text = policy_text(policy(replace(rule("default"), terms=longer)))
    async with browser(tmp_path, Role.RETENTION_OWNER) as page:
        at, without = await ordered(page, text), await ordered(page)
        await worked(page)
        await worked(page)
        told = text_of(await page.see(at))
        drawn = (await page.see(at)).text
        silent = text_of(await page.see(without))

    assert re.search(r"When facts that outlive their audio would end .* 2029-10 0 1 ", told)
    assert drawn.count('<rect class="then"') == 2
    assert "When facts" not in silent


async def test_one_goes_on_with_the_draft_that_was_simulated(tmp_path: Path) -> None:
    """Its text stands in the form, line by line."""
    async with browser(tmp_path, Role.RETENTION_OWNER) as page:
        at = await ordered(page)
        shown = (await page.see(at)).text
        kept = re.search(r'name="text" value="([^"]+)"', shown)

    assert kept is not None
    assert "delete_after = &#34;P1D&#34;\n" in kept[1]


async def test_each_recording_that_changes_is_listed_for_who_may_search(tmp_path: Path) -> None:
    """With its days by both policies; not before there is a result, and not for others."""
    async with browser(tmp_path, *Role) as page:
        at = await ordered(page)
        early = await page.see(f"{at}/recordings")
        await worked(page)
        result = await page.see(at)
        listed = await page.see(f"{at}/recordings")

    assert early.status_code == 409
    assert f'href="{at}/recordings"' in result.text
    assert f'href="/calls/{CALL}"' in listed.text
    assert "due at once, not today" in text_of(listed)


async def test_a_simulation_that_came_to_nothing_says_so(tmp_path: Path) -> None:
    """Nobody waits before it for ever."""
    async with browser(tmp_path, *Role) as page:
        at = await ordered(page)
        with writing(page.engine) as connection:
            cancel_job(connection, author(), int(at.rpartition("/")[2]))
        shown = await page.see(at)

    assert "Ended without a result." in text_of(shown)
    assert "<progress" not in shown.text


async def test_what_is_no_policy_is_not_simulated(tmp_path: Path) -> None:
    """Its faults stand as after a check; of a simulation that there is not, nothing is said."""
    async with browser(tmp_path, Role.LEGAL) as page:
        wrong = await page.send("/policy-draft/simulate", {"text": SHORT.replace("P1D", "P1H")})
        none = await page.see("/simulations/7")

    assert wrong.status_code == 422
    assert "P1H is no period" in text_of(wrong)
    assert none.status_code == 404
