"""The plan of a call: what its route and targets say, decided once when it begins.

Questions to the exchange's switch. Knows nothing of ports or of calls that are up.
"""

from datetime import UTC, datetime
from typing import Final

from archive.call.numbers import user_part
from archive.call.refusal_reasons import Reason
from capture.inline.notices.beep import BEEP
from capture.inline.recordings.parties import caller_address
from capture.inline.routing.modes import Mode, agreed, may_change
from capture.inline.routing.route import Route, Target
from capture.inline.routing.routes import RouteQuery, decide
from capture.inline.state.call_plan import Aim, ControlPlan, NoticePlan, Plan, RouteLabels
from capture.inline.state.exchange import Exchange
from capture.links.relay_messages import Side
from capture.peers.sources import Source, wanting_mode
from capture.raw_text import text_of
from capture.recording.call_refusal import Refusal
from capture.recording.message_faults import REQUEST_URI, Fault
from capture.recording.outputs import Now
from capture.sip.build import Answer
from capture.sip.message import Request

_NOTICE_TO: Final = {
    "caller": (Side.CALLER,),
    "callee": (Side.CALLEE,),
    "both": (Side.CALLER, Side.CALLEE),
}
RINGBACKS: Final = {
    "jp": "ringback-japan",
    "eu": "ringback-europe",
    "us": "ringback-north-america",
}


_UNROUTED: Final = Fault(header=REQUEST_URI)


def asked_of(request: Request, source: Source) -> RouteQuery:
    headers: dict[str, tuple[str, ...]] = {}
    for line in request.lines:
        name = text_of(line.name)
        headers[name] = (*headers.get(name, ()), text_of(line.value))
    return RouteQuery(
        source=source.name,
        number=user_part(text_of(request.uri)),
        caller=user_part(text_of(caller_address(request).uri)),
        uri=text_of(request.uri),
        country=source.country,
        headers=headers,
    )


def planned(
    exchange: Exchange, request: Request, source: Source, now: Now, *, is_emergency: bool
) -> tuple[Plan, Route | None] | Refusal:
    asked = asked_of(request, source)
    at = datetime.fromtimestamp(now.us / 1_000_000, UTC)
    decision = decide(exchange.switch.routes, asked, at)
    if is_emergency:
        names = decision.route.to if decision is not None else exchange.switch.emergency_to
        if not names:
            return Refusal(Answer(status=404), Reason.NO_ROUTE, "emergency")
        plan = Plan(
            labels=RouteLabels(route="emergency") if decision is None else _labels(decision.route),
            targets=aims_of(exchange, names),
            number=asked.number.encode() or request.uri,
            is_emergency=True,
        )
        return plan, decision.route if decision is not None else None
    if decision is None:
        return Refusal(Answer(status=404), Reason.NO_ROUTE, _no_route(source), _UNROUTED)
    return _by_route(exchange, decision.route, decision.dialled.encode())


def _no_route(source: Source) -> str:
    """Why nothing takes a call, and what would where its client means to have it recorded."""
    return f"no [[route]] takes it; {wanting_mode(source)}"


def _by_route(
    exchange: Exchange, route: Route, number: bytes
) -> tuple[Plan, Route | None] | Refusal:
    codecs = _codecs_of(exchange, route)
    aims = aims_of(exchange, route.to, route)
    mode = mode_of(exchange, route, aims[0].name)
    control = _control(route, mode)
    notice = _notice(exchange, route, mode, may_start=control.may_start)
    is_mute = bool(route.notice) and not codecs
    if is_mute and route.without_notice == "block" and not notice.at_start:
        return Refusal(Answer(status=480), Reason.NO_NOTICE)
    plan = Plan(
        labels=_labels(route),
        targets=aims,
        number=number,
        notice=notice,
        control=control,
        codecs=codecs,
        ringback=RINGBACKS[route.ringback],
        mode=mode,
        records=mode.is_recorded,
        must_record=mode.is_recorded and route.record_failure == "end",
        relays_beside=route.other_media == "relay",
        ring_s=route.ring_s,
        tells_by_contact=route.agent == "user",
        transfer=route.transfer,
        replaces_from=route.replaces_from,
    )
    return plan, route


def _notice(exchange: Exchange, route: Route, mode: Mode, *, may_start: bool) -> NoticePlan:
    is_told_later = route.notice_when == "at-start"
    refusal_key = "" if mode is Mode.FORCE else route.refusal_key
    return NoticePlan(
        prompts=prompts_of(exchange, route),
        sides=_NOTICE_TO[route.notice_to],
        order="dial-first" if is_told_later else route.notice_when,
        failure=route.without_notice,
        # What was sealed cannot be taken back: who may refuse is not kept before he might have.
        is_recorded=route.record_from == "with-notice" and not refusal_key,
        refusal_key=refusal_key,
        beep_s=route.beep_s if mode.is_recorded or may_start else 0,
        at_start=may_start and is_told_later,
    )


def _control(route: Route, mode: Mode) -> ControlPlan:
    may_start = not mode.is_recorded and may_change(mode, on_demand=route.on_demand)
    return ControlPlan(
        may_start=may_start,
        may_stop=may_change(mode, on_demand=route.on_demand),
        pause_code=route.pause_code,
        resume_code=route.resume_code,
        start_code=route.start_code if may_start else "",
        pause_max_s=route.pause_max_s,
        honours=route.record_preference == "honour" and not mode.is_fixed,
    )


def _labels(route: Route) -> RouteLabels:
    return RouteLabels(
        route=route.name,
        direction=route.direction,
        queue=route.queue,
        purpose=next(iter(route.purpose), ""),
        more_purposes=route.purpose[1:],
        controller=route.controller,
        tags=route.tags,
    )


def mode_of(exchange: Exchange, route: Route, target: str) -> Mode:
    """The recording mode that route and target agree on."""
    return agreed(route.record, exchange.target(target).record)


def _codecs_of(exchange: Exchange, route: Route) -> tuple[str, ...]:
    """The codecs in which notice and beep can be played; () where nothing is played."""
    wanted = (*prompts_of(exchange, route), *((BEEP,) if route.beep_s else ()))
    ready = [
        {codec for (name, codec) in exchange.switch.stock.files if name == prompt}
        for prompt in wanted
    ]
    return tuple(sorted(set.intersection(*ready))) if ready else ()


def prompts_of(exchange: Exchange, route: Route) -> tuple[str, ...]:
    """The prompts of a route, in its language where they are there in several."""
    spoken = (f"{name}/{route.language.lower()}" for name in route.notice)
    wordings = exchange.switch.stock.wordings
    return tuple(
        named if named in wordings else name
        for name, named in zip(route.notice, spoken, strict=True)
    )


def aims_of(
    exchange: Exchange, names: tuple[str, ...], route: Route | None = None
) -> tuple[Aim, ...]:
    """In the order of the route; those that do not answer are tried behind all others."""
    alive_first = sorted(names, key=lambda name: name in exchange.notes.down)
    return tuple(_aim(exchange, exchange.target(name), route) for name in alive_first)


def _aim(exchange: Exchange, target: Target, route: Route | None) -> Aim:
    """An emergency call is recorded wherever it goes; a transfer changes nothing in that."""
    return Aim(
        mode=Mode.YES if route is None else mode_of(exchange, route, target.name),
        name=target.name,
        address=target.rtp_advertise or exchange.node.place.address,
        latch=target.latch,
        srtp=target.srtp,
    )
