"""The page of work in the background."""

from pathlib import Path

from api.permissions.roles import Role
from api.web.pages.operation.jobs import state_of
from archive.jobs import Job, State
from tests.api.web.pages.browser import text_of
from tests.api.web.pages.real import new_person, new_session, real_browser
from tests.archive.catalog.examples import NOW_US
from tests.support.pages.simulation import SHORT


async def test_a_job_is_listed_until_it_is_over_and_cancelled_by_who_may(tmp_path: Path) -> None:
    """The page looks again by itself while there is something to see."""
    async with real_browser(tmp_path, Role.RETENTION_OWNER) as it:
        own = it.session
        new_person(it.engine, "kansa", Role.AUDITOR)
        none = await it.see("/jobs")
        await it.send("/policy-draft/simulate", {"text": SHORT})
        waits = await it.see("/jobs")
        it.hold(new_session(it.engine, "kansa"))
        seen = await it.see("/jobs")
        it.hold(own)
        done = await it.send("/jobs/1/cancel", {})
        after = await it.see("/jobs")
        again = await it.send("/jobs/1/cancel", {})

    assert "There is no job." in text_of(none)
    assert "simulation of a policy" in text_of(waits)
    assert 'hx-get="/jobs"' in waits.text
    assert 'action="/jobs/1/cancel"' in waits.text
    assert 'action="/jobs/1/cancel"' not in seen.text
    assert done.status_code == 303
    assert "cancelled" in text_of(after)
    assert 'hx-get="/jobs"' not in after.text
    assert again.status_code == 409


async def test_a_simulation_is_cancelled_on_its_own_page(tmp_path: Path) -> None:
    """Who began it need not look for it elsewhere."""
    async with real_browser(tmp_path, Role.RETENTION_OWNER) as it:
        began = await it.send("/policy-draft/simulate", {"text": SHORT})
        at = began.headers["location"]
        shown = await it.see(at)
        done = await it.send(f"{at}/cancel", {})
        after = text_of(await it.see(at))
        again = await it.send(f"{at}/cancel", {})

    assert f'action="{at}/cancel"' in shown.text
    assert done.headers["location"] == at
    assert "Ended without a result." in after
    assert again.status_code == 409
    assert 'role="alert"' in again.text


def test_a_job_that_runs_and_is_to_stop_says_so() -> None:
    """It does at its next step, and nobody presses twice."""
    stopping = Job(state=State.RUNNING, due_us=NOW_US, cancel_us=NOW_US)
    over = Job(state=State.CANCELLED, due_us=NOW_US, cancel_us=NOW_US)

    assert (state_of(stopping), state_of(over)) == ("stopping", "cancelled")
