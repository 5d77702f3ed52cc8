"""The plan of a call: what its route and targets say, decided once when it begins.

Questions to the exchange's switch. Knows nothing of ports or of calls that are up.
"""

from datetime import UTC, datetime
from typing import Any, Final

from archive.call.fates import Reason
from archive.call.numbers import user_part
from capture.inline.notices.beep import BEEP
from capture.inline.recordings.parties import caller_address
from capture.inline.routing.modes import Mode, agreed, may_change
from capture.inline.routing.route import Route, Target
from capture.inline.routing.routes import Asked, decide
from capture.inline.state.call_plan import Aim, Plan
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


def asked_of(request: Request, source: Source) -> Asked:
    """What an INVITE asks the routes for."""
    headers: dict[str, tuple[str, ...]] = {}
    for line in request.lines:
        name = text_of(line.name)
        headers[name] = (*headers.get(name, ()), text_of(line.value))
    return Asked(
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
            route=decision.route.name if decision is not None else "emergency",
            targets=aims_of(exchange, names),
            number=asked.number.encode() or request.uri,
            is_emergency=True,
            **(_named(decision.route) if decision is not None else {}),
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
    may_start = not mode.is_recorded and may_change(mode, on_demand=route.on_demand)
    is_told_later = route.notice_when == "at-start"
    tells_at_start = may_start and is_told_later
    is_mute = bool(route.notice) and not codecs
    if is_mute and route.without_notice == "block" and not tells_at_start:
        return Refusal(Answer(status=480), Reason.NO_NOTICE)
    refusal_key = "" if mode is Mode.FORCE else route.refusal_key
    plan = Plan(
        route=route.name,
        targets=aims,
        number=number,
        notice=prompts_of(exchange, route),
        notice_to=_NOTICE_TO[route.notice_to],
        order="dial-first" if is_told_later else route.notice_when,
        without_notice=route.without_notice,
        codecs=codecs,
        ringback=RINGBACKS[route.ringback],
        records=mode.is_recorded,
        may_start=may_start,
        may_stop=may_change(mode, on_demand=route.on_demand),
        tells_at_start=tells_at_start,
        tells_by_contact=route.agent == "user",
        pause_code=route.pause_code,
        resume_code=route.resume_code,
        start_code=route.start_code if may_start else "",
        pause_max_s=route.pause_max_s,
        # What was sealed cannot be taken back: who may refuse is not kept before he might have.
        records_with_notice=route.record_from == "with-notice" and not refusal_key,
        relays_beside=route.other_media == "relay",
        must_record=mode.is_recorded and route.record_failure == "end",
        beep_s=route.beep_s if mode.is_recorded or may_start else 0,
        refusal_key=refusal_key,
        ring_s=route.ring_s,
        transfer=route.transfer,
        replaces_from=route.replaces_from,
        honours=route.record_preference == "honour" and not mode.is_fixed,
        mode=mode,
        **_named(route),
    )
    return plan, route


def _named(route: Route) -> dict[str, Any]:
    """What the recording is to say of its route."""
    return {
        "direction": route.direction,
        "queue": route.queue,
        "purpose": next(iter(route.purpose), ""),
        "more_purposes": route.purpose[1:],
        "controller": route.controller,
        "tags": route.tags,
    }


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
    alive_first = sorted(names, key=lambda name: name in exchange.down)
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
