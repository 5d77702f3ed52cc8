"""What an open plan waits for."""

from pathlib import Path

from api.destruction.plan_course import KIND, act_of, waiting_of
from archive.access.approvals import Kind, digest_of
from archive.catalog.accounts.single_person import declare_one_person
from archive.catalog.database.engine import reading, writing
from archive.catalog.destruction.plans import plan_numbered
from archive.ids import DEFAULT_TENANT
from retention.decisions.due import Waiting
from tests.api.destruction.scene import DAY_US, Installation, installed
from tests.archive.catalog.examples import author


def waits_for(it: Installation, number: int) -> Waiting:
    """As of now."""
    with reading(it.it.engine) as connection:
        plan = plan_numbered(connection, DEFAULT_TENANT, number)
        return waiting_of(connection, DEFAULT_TENANT, plan, it.it.now_us)


async def test_a_word_that_was_taken_back_or_is_too_old_is_none(tmp_path: Path) -> None:
    """Overdue must not say that somebody only has to apply it."""
    async with installed(tmp_path, 1) as it:
        made = (await it.plans.make(it.owner)).stored
        await it.plans.approve(it.legal, made.number)
        seen = [waits_for(it, made.number)]
        await it.plans.approvals.withdraw(it.legal, made.approval.proposal or 0)
        seen.append(waits_for(it, made.number))
        await it.plans.approve(it.legal, made.number)
        it.pass_us(8 * DAY_US)
        seen.append(waits_for(it, made.number))

    assert seen == [Waiting.NOT_APPLIED, Waiting.NOT_APPROVED, Waiting.NOT_APPROVED]


async def test_where_one_person_is_enough_a_plan_only_has_to_be_applied(tmp_path: Path) -> None:
    """There is nobody who could approve it."""
    async with installed(tmp_path, 1) as it:
        with writing(it.it.engine) as connection:
            declare_one_person(connection, author(), None)
        made = await it.plans.make(it.owner)

        assert waits_for(it, made.stored.number) is Waiting.NOT_APPLIED


def test_what_is_approved_is_one_plan_and_nothing_else() -> None:
    """Another digest, or another kind of act, is another thing."""
    assert KIND is Kind.APPROVE_PLAN
    assert act_of(b"a" * 32) == digest_of(KIND, {"sha256": (b"a" * 32).hex()})
    assert act_of(b"a" * 32) != act_of(b"b" * 32)
