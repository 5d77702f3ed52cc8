"""The routes of jobs."""

from pathlib import Path

from api.permissions.verbs import Verb
from tests.api.examples import scene
from tests.support.web.simulations import SHORT

BOTH = (Verb.JOB_READ, Verb.JOB_CANCEL, Verb.POLICY_READ)


async def test_a_job_is_listed_shown_and_cancelled_without_what_it_is_about(
    tmp_path: Path,
) -> None:
    """What is asked of it is for who may read policies."""
    async with scene(tmp_path) as it:
        headers = it.token(*BOTH)
        await it.client.post("/simulations", json={"text": SHORT}, headers=headers)
        listed = (await it.client.get("/jobs", headers=headers)).json()["jobs"]
        shown = (await it.client.get("/jobs/1", headers=headers)).json()
        cancelled = await it.client.post("/jobs/1/cancel", headers=headers)
        again = await it.client.post("/jobs/1/cancel", headers=headers)

    assert listed == [shown]
    assert (shown["kind"], shown["state"], shown["author"]) == (
        "simulation", "queued", "service:yamada",
    )  # fmt: skip
    assert (shown["done"], shown["total"], shown["heard_at"], shown["attempts"]) == (0, 0, None, [])
    assert cancelled.json() == {**shown, "state": "cancelled", "cancel_wished": True}
    assert (again.status_code, again.json()["code"]) == (409, "job_over")


async def test_there_is_no_job_of_another_number(tmp_path: Path) -> None:
    """And no number that is none."""
    async with scene(tmp_path) as it:
        headers = it.token(*BOTH)
        missing = await it.client.get("/jobs/4711", headers=headers)
        wrong = await it.client.get("/jobs/0", headers=headers)

    assert (missing.status_code, missing.json()["code"]) == (404, "not_found")
    assert wrong.status_code == 422
