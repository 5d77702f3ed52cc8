"""The keystore's slack is overwritten when it is opened, and after the end of every plan."""

from pathlib import Path

from archive.ids import DEFAULT_TENANT, PlanId
from archive.keys.epochs.slack_order import SlackOrder
from archive.keys.wire.guard_messages import EndPlan, OpenPlan
from archive.keys.wire.protocol import AskerRole
from tests.archive.keys.scene import NOW_US, Scene
from tests.archive.keys.turning import Turning

PLAN = PlanId(bytes(16))


def through(order: SlackOrder) -> int:
    """How many jobs there were."""
    done = 0
    while (job := order.next_job()) is not None:
        job.run()
        done += 1
    return done


def test_a_pass_is_made_at_the_start_and_when_it_is_wished_for(tmp_path: Path) -> None:
    """What a killed daemon had destroyed is overwritten by the next one."""
    turning = Turning(tmp_path)
    order = SlackOrder(turning.opened)
    first, idle = through(order), through(order)
    order.is_wished = True

    assert (first > 0, idle, through(order)) == (True, 0, first)
    assert (tmp_path / "keystore.db-wal").stat().st_size == 0


def test_what_is_wished_for_during_a_pass_takes_another(tmp_path: Path) -> None:
    """It may be behind the pages that were looked at already."""
    order = SlackOrder(Turning(tmp_path).opened)
    job = order.next_job()
    assert job is not None
    order.is_wished = True
    job.run()
    while order._pass is not None:
        order._step()

    assert through(order) > 0


def test_the_end_of_a_plan_wishes_for_it(tmp_path: Path) -> None:
    """From then on the wraps of what it destroyed are in no page."""
    scene = Scene(tmp_path)
    slack = scene.daemon.work.orders.slack
    slack.is_wished = False
    open_plan = OpenPlan(
        plan=PLAN.raw, tenant=DEFAULT_TENANT.raw, digest=bytes(32), due_us=NOW_US, share_ppm=1
    )
    scene.daemon.answer(AskerRole.API, open_plan)
    scene.daemon.answer(AskerRole.RETENTION, EndPlan(plan=PLAN.raw))

    assert slack.is_wished
