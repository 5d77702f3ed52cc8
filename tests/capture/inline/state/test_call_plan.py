"""What a route says of a call goes with the call."""

import msgspec

from capture.inline.routing.modes import Mode
from capture.inline.state.call_plan import Aim, NoticePlan, Plan, RouteLabels
from capture.links.relay_messages import Latch, Side


def test_a_plan_is_the_same_for_a_successor() -> None:
    """It was decided once; no configuration that is read later changes it."""
    aim = Aim(name="pbx", address="192.0.2.9", latch=Latch.NAT, srtp="require", mode=Mode.FORCE)
    plan = Plan(
        labels=RouteLabels(route="support", tags=("vip",)),
        targets=(aim,),
        number=b"0355501234",
        notice=NoticePlan(prompts=("notice", "notice-2"), sides=(Side.CALLER, Side.CALLEE)),
    )

    assert msgspec.msgpack.decode(msgspec.msgpack.encode(plan), type=Plan) == plan


def test_a_plan_of_nothing_but_a_route_and_a_number_is_of_a_recorded_call() -> None:
    """What a route leaves out is decided for recording, and against taking a call down."""
    plan = Plan(labels=RouteLabels(route="plain"), targets=(), number=b"1")

    assert plan.records
    assert not plan.must_record
    assert plan.notice.failure == "connect-and-flag"
