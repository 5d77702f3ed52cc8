"""A call that wants to come in: whether it is taken, and by which plan it will go.

Steps over the exchange. Knows nothing of calls that are up but whether one comes round again.
"""

from datetime import UTC, datetime
from typing import Final

import msgspec

from archive.events import CallOpened
from capture.admission import Full
from capture.errors import PeerBrokeProtocol
from capture.inline.call import Aim, End, InlineCall, NoticeStage, Plan
from capture.inline.exchange import RESERVED_PAIRS, Exchange
from capture.inline.lines import Line
from capture.inline.modes import Mode, agreed
from capture.inline.offers import Seat
from capture.inline.parties import caller_address
from capture.inline.passing import forwards_left
from capture.inline.route import Route, Target
from capture.inline.routes import Asked, decide
from capture.ports import Grant
from capture.relaying import Latch, Side
from capture.sdp.description import SessionDescription
from capture.sdp.parsing import parse_description
from capture.sip.build import Answer, without_body
from capture.sip.events import InviteReceived
from capture.sip.flow import transport_of
from capture.sip.message import Request
from capture.siprec.clauses import text_of
from capture.siprec.judging import doubt
from capture.siprec.outputs import Now
from capture.siprec.parties import user_of
from capture.siprec.premises import bodies_of, busy
from capture.siprec.refusing import Reason, Refusal
from capture.siprec.session import RecordingSession
from capture.sources import Source

RECORDING_HEADER: Final = b"X-Rokuon-Recording"
_HEADER: Final = RECORDING_HEADER.lower()
PAIRS: Final = 2
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


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """A call that is taken: its line and the session that will be its recording's."""

    line: Line
    session: RecordingSession


def take(exchange: Exchange, event: InviteReceived, source: Source, now: Now) -> Taken | Refusal:
    """The call as it begins, or what it is answered and why."""
    request = event.request
    try:
        body = bodies_of(request).sdp
        offer = None if body is None else parse_description(body)
    except PeerBrokeProtocol as broken:
        return Refusal(Answer(status=broken.answer_with), Reason.UNREADABLE)
    is_emergency = _is_emergency(exchange, request, source)
    refusal = doubt(exchange.premises, request, source, now) or _loops(exchange, request)
    if refusal is not None and not is_emergency:
        return refusal
    plan = _planned(exchange, request, source, now, is_emergency=is_emergency)
    if isinstance(plan, Refusal):
        return plan
    grant = _seats(exchange, now, is_emergency=is_emergency)
    if grant is None:
        lack = exchange.premises.vacancy.full or Full.PORTS
        reason = Reason.DRAINING if lack is Full.DRAINING else Reason.FULL
        return Refusal(busy(), reason, lack.value)
    return _taken(exchange, event, (source, plan[0], plan[1]), (grant, offer), now)


def asked_of(request: Request, source: Source) -> Asked:
    """What an INVITE asks the routes for."""
    headers: dict[str, tuple[str, ...]] = {}
    for line in request.lines:
        name = text_of(line.name)
        headers[name] = (*headers.get(name, ()), text_of(line.value))
    return Asked(
        source=source.name,
        number=user_of(text_of(request.uri)),
        caller=user_of(text_of(caller_address(request).uri)),
        uri=text_of(request.uri),
        country=source.country,
        headers=headers,
    )


def _is_emergency(exchange: Exchange, request: Request, source: Source) -> bool:
    asked = asked_of(request, source)
    return exchange.switch.emergency.are_called(
        number=asked.number, uri=asked.uri, country=asked.country
    )


def _loops(exchange: Exchange, request: Request) -> Refusal | None:
    """Gone too far, or a call of ours that has come back for the same number."""
    try:
        if forwards_left(request) < 0:
            return Refusal(Answer(status=483), Reason.TOO_FAR)
    except PeerBrokeProtocol as broken:
        return Refusal(Answer(status=broken.answer_with), Reason.UNREADABLE)
    number = user_of(text_of(request.uri)).encode()
    for value in request.values(_HEADER):
        line = exchange.lines.get(_key_in(value))
        if line is not None and line.call.plan.number == number:
            return Refusal(Answer(status=482), Reason.LOOP)
    return None


def _key_in(value: bytes) -> bytes:
    try:
        return bytes.fromhex(value.decode("ascii"))
    except ValueError:
        return b""


def _planned(
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
        )
        return plan, decision.route if decision is not None else None
    if decision is None:
        return Refusal(Answer(status=404), Reason.NO_ROUTE)
    return _by_route(exchange, decision.route, decision.dialled.encode())


def _by_route(
    exchange: Exchange, route: Route, number: bytes
) -> tuple[Plan, Route | None] | Refusal:
    codecs = _codecs_of(exchange, route)
    if route.notice and not codecs and route.without_notice == "block":
        return Refusal(Answer(status=480), Reason.NO_NOTICE)
    first = exchange.target(route.to[0])
    plan = Plan(
        route=route.name,
        targets=aims_of(exchange, route.to),
        number=number,
        notice=prompts_of(exchange, route),
        notice_to=_NOTICE_TO[route.notice_to],
        order=route.notice_when,
        without_notice=route.without_notice,
        codecs=codecs,
        ringback=RINGBACKS[route.ringback],
        records=agreed(route.record, first.record).is_recorded,
        records_with_notice=route.record_from == "with-notice",
        ring_s=route.ring_s,
        transfer=route.transfer,
    )
    return plan, route


def mode_of(exchange: Exchange, route: Route | None) -> Mode:
    """The recording mode that route and first target agree on; an emergency is recorded."""
    if route is None:
        return Mode.YES
    return agreed(route.record, exchange.target(route.to[0]).record)


def _codecs_of(exchange: Exchange, route: Route) -> tuple[str, ...]:
    """The codecs in which every prompt of the notice can be played; () without a notice."""
    ready = [
        {codec for (name, codec) in exchange.switch.stock.files if name == prompt}
        for prompt in prompts_of(exchange, route)
    ]
    return tuple(sorted(set.intersection(*ready))) if ready else ()


def prompts_of(exchange: Exchange, route: Route) -> tuple[str, ...]:
    """The prompts of a route, in its language where they are there in several."""
    spoken = (f"{name}/{route.language.lower()}" for name in route.notice)
    wordings = exchange.switch.wordings
    return tuple(
        named if named in wordings else name
        for name, named in zip(route.notice, spoken, strict=True)
    )


def aims_of(exchange: Exchange, names: tuple[str, ...]) -> tuple[Aim, ...]:
    """The targets of these names, as a call tries them."""
    return tuple(_aim(exchange, exchange.target(name)) for name in names)


def _aim(exchange: Exchange, target: Target) -> Aim:
    return Aim(
        name=target.name,
        address=target.rtp_advertise or exchange.premises.place.address,
        latch=target.latch,
        srtp=target.srtp,
    )


def _seats(exchange: Exchange, now: Now, *, is_emergency: bool) -> Grant | None:
    """Two pairs of one worker; an emergency call gets them whatever is full."""
    premises = exchange.premises
    workers = premises.vacancy.workers or premises.ports.workers
    if is_emergency:
        return premises.ports.take(PAIRS, now.us, workers)
    if premises.vacancy.full is not None:
        return None
    if not premises.ports.could_take(PAIRS + RESERVED_PAIRS, now.us, workers):
        return None
    return premises.ports.take(PAIRS, now.us, premises.vacancy.workers)


def _taken(
    exchange: Exchange,
    event: InviteReceived,
    who: tuple[Source, Plan, Route | None],
    what: tuple[Grant, SessionDescription | None],
    now: Now,
) -> Taken:
    (source, plan, route), (grant, offer) = who, what
    premises, request = exchange.premises, event.request
    key = premises.fresh_id(now.us)
    caller_at = source.rtp_advertise or premises.place.address
    caller = _end(exchange, Side.CALLER, grant.pairs[0], caller_at)
    callee = _end(exchange, Side.CALLEE, grant.pairs[1], premises.place.address)
    caller = msgspec.structs.replace(
        caller, peer=source.name, latch=source.latch, dialog=event.dialog, theirs=offer
    )
    due = plan.notice_to if plan.notice else ()
    caller, callee = (
        msgspec.structs.replace(each, notice=NoticeStage.DUE) if each.side in due else each
        for each in (caller, callee)
    )
    call = InlineCall(
        key=key,
        plan=plan,
        created_us=now.us,
        caller=caller,
        callee=callee,
        invite=event.key,
        targets=plan.targets,
        is_offerless=offer is None,
    )
    line = Line(
        call=call,
        source=source.name,
        request=without_body(request),
        caller=(event.dialog.call_id, event.dialog.local_tag),
        agent=_agent_in(request, route),
        sources=(source.name, ""),
    )
    return Taken(line=line, session=_session(exchange, event, source, (key, grant), now))


def _agent_in(request: Request, route: Route | None) -> bytes:
    """The id that the route's header gives; b"" without one."""
    if route is None or not route.agent.startswith("header:"):
        return b""
    name = route.agent.removeprefix("header:").strip().lower().encode()
    return request.value(name) or b""


def _end(exchange: Exchange, side: Side, pair: int, address: str) -> End:
    premises = exchange.premises
    return End(
        side=side,
        peer="",
        pair=pair,
        seat=Seat(
            address=address,
            port=premises.place.port(pair),
            session_id=exchange.numbers(31),
            secret=premises.fresh_secret(),
        ),
        latch=Latch.SIGNALLED,
        ssrc=exchange.numbers(32),
        # Half of the range: the rollover counter of SRTP begins at 0 (RFC 3711 §3.3.1).
        first_sequence=exchange.numbers(15),
        first_timestamp=exchange.numbers(32),
    )


def _session(
    exchange: Exchange,
    event: InviteReceived,
    source: Source,
    made: tuple[bytes, Grant],
    now: Now,
) -> RecordingSession:
    request, (key, grant) = event.request, made
    opened = CallOpened(
        at_us=now.us,
        source=source.name,
        node=exchange.premises.place.node,
        mode="inline",
        transport=transport_of(event.flow),
        peer=event.flow.remote.host,
        call_id=text_of(request.call_id),
        from_uri=text_of(request.from_address.uri),
        from_name=text_of(request.from_address.display),
        to_uri=text_of(request.to_address.uri),
        to_name=text_of(request.to_address.display),
        request_uri=text_of(request.uri),
        country=source.country,
        zone=source.zone,
    )
    return RecordingSession(
        key=key,
        tenant=source.tenant,
        source=source.name,
        dialog=event.dialog,
        worker=grant.worker,
        created_us=now.us,
        address=source.rtp_advertise or exchange.premises.place.address,
        call=opened,
        pairs=grant.pairs,
    )
