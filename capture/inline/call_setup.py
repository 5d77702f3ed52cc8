"""A call that wants to come in: whether it is taken, and by which plan it will go.

Steps over the exchange. Knows nothing of calls that are up but whether one comes round again.
"""

from typing import Final

import msgspec

from archive.call.numbers import user_part
from archive.call.refusal_reasons import Reason
from capture.admission.capacity import Full
from capture.admission.port_pool import Grant
from capture.errors import PeerBrokeProtocol
from capture.inline.bridge.recording_indication import is_aware_by
from capture.inline.descriptions.beside import place_beside
from capture.inline.descriptions.seat import MediaSeat
from capture.inline.descriptions.speech import agreed_media
from capture.inline.dialogs.external_ids import known_by_invite
from capture.inline.messages.body_parts import enclosed_in
from capture.inline.messages.header_filter import RECORDING_HEADER, forwards_left
from capture.inline.notices.notice import COMFORT
from capture.inline.planner import asked_of, planned
from capture.inline.routing.route import Route
from capture.inline.state.bridged_calls import AgentsTold, BridgedCall, SideHistory
from capture.inline.state.call import CallRecording, InlineCall
from capture.inline.state.call_events import Event, Reoffered
from capture.inline.state.call_plan import Plan, TargetSet
from capture.inline.state.ends import End
from capture.inline.state.exchange import Exchange
from capture.inline.state.stages import NoticeStage
from capture.links.relay_messages import Latch, Side
from capture.metadata.message_bodies import bodies_of
from capture.peers.sources import Source
from capture.raw_text import text_of
from capture.recording.call_refusal import Refusal, unreadable
from capture.recording.call_start import opened
from capture.recording.node_context import busy
from capture.recording.outputs import Listen, Now, Output
from capture.recording.session import RecordingSession, tolerated
from capture.recording.source_proof import mistrusted
from capture.recording.srtp_policy import sealed_by
from capture.recording.tolerances import in_message
from capture.sdp.description import SessionDescription
from capture.sdp.parser import parse_description
from capture.sdp.record_attribute import Preference, preference_in
from capture.sip.build import Answer, without_body
from capture.sip.events import InviteReceived
from capture.sip.flow import transport_of
from capture.sip.message import Request

_HEADER: Final = RECORDING_HEADER.lower()
PAIRS: Final = 2
PAIRS_BESIDE: Final = 2
# Of what is free without them the calls of one source that ring hold at most so much: whoever has
# telephones ring that nobody answers leaves the others their room.
RINGING_PERCENT: Final = 80
# What has run out is of no use but to record; a call can go through without.
_ONLY_RECORDING: Final = frozenset(
    {Full.SPOOL_BYTES, Full.SPOOL_INODES, Full.SPOOL_FAILING, Full.WORKERS}
)


class AdmittedCall(msgspec.Struct, frozen=True, kw_only=True):
    """A call that is taken, and the session that will be its recording's."""

    bridged: BridgedCall
    session: RecordingSession


def take(
    exchange: Exchange, event: InviteReceived, source: Source, now: Now
) -> AdmittedCall | Refusal:
    """The call as it begins, or what it is answered and why."""
    request = event.request
    try:
        body = bodies_of(request).sdp
        offer = None if body is None else parse_description(body)
    except PeerBrokeProtocol as broken:
        return unreadable(broken)
    is_emergency = calls_for_help(exchange, request, source)
    refusal = None if is_emergency else _unwelcome(exchange, event, source, offer, now)
    refusal = refusal or _loops(exchange, request)
    if refusal is not None:  # an emergency call that goes round in circles reaches nobody either
        return refusal
    chosen = planned(exchange, request, source, now, is_emergency=is_emergency)
    if isinstance(chosen, Refusal):
        return chosen
    plan, route = chosen
    plan, unrecorded = _recorded_if_it_can_be(exchange, plan, offer)
    wants_beside = plan.relays_beside and place_beside(offer) is not None
    pairs = PAIRS + PAIRS_BESIDE if wants_beside else PAIRS
    grant = _seats(exchange, now, pairs, is_emergency=is_emergency, is_kept=not unrecorded)
    if grant is None:
        lack = _lack(exchange)
        reason = Reason.DRAINING if lack is Full.DRAINING else Reason.FULL
        return Refusal(busy(), reason, lack.value)
    return _taken(exchange, event, (source, plan, route), (grant, offer, unrecorded), now)


def _unwelcome(
    exchange: Exchange,
    event: InviteReceived,
    source: Source,
    offer: SessionDescription | None,
    now: Now,
) -> Refusal | None:
    """Who does not prove who he is, or holds his share of what is free by calls that ring."""
    refusal = mistrusted(exchange.node, event, source, offer, now)
    if refusal is not None:
        return refusal
    ringing = exchange.calls.ringing[source.name]
    node = exchange.node
    room = node.capacity.free_calls(node.sessions.live, PAIRS) + ringing
    if ringing < max(1, room * RINGING_PERCENT // 100):
        return None
    return Refusal(busy(), Reason.FULL, "calls of this source that ring")


def _recorded_if_it_can_be(
    exchange: Exchange, plan: Plan, offer: SessionDescription | None
) -> tuple[Plan, Reason]:
    """A call goes through unrecorded where only that is lacking, and nobody is told otherwise.

    So does one whose caller would rather not be recorded, where his route gives him a say.
    """
    full = exchange.node.capacity.vacancy.full
    plain = msgspec.structs.replace(
        plan,
        records=False,
        codecs=(),
        notice=msgspec.structs.replace(plan.notice, prompts=(), order="dial-first", beep_s=0),
        control=msgspec.structs.replace(plan.control, may_start=False),
    )
    if full in _ONLY_RECORDING and not plan.must_record and not plan.is_emergency:
        return plain, Reason(full.value)
    wants = preference_in(offer, agreed_media(offer))
    is_refused = plan.records and plan.control.honours and wants is Preference.OFF
    return (plain, Reason.PARTY_REFUSED) if is_refused else (plan, Reason.NONE)


def calls_for_help(exchange: Exchange, request: Request, source: Source) -> bool:
    """Return whether an INVITE is to an emergency number."""
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
        return unreadable(broken)
    number = user_part(text_of(request.uri)).encode()
    for value in request.values(_HEADER):
        bridged = exchange.calls.get(_key_in(value))
        if bridged is not None and bridged.call.plan.number == number:
            return Refusal(Answer(status=482), Reason.LOOP)
    return None


def _key_in(value: bytes) -> bytes:
    try:
        return bytes.fromhex(value.decode("ascii"))
    except ValueError:
        return b""


def _seats(
    exchange: Exchange, now: Now, pairs: int, *, is_emergency: bool, is_kept: bool
) -> Grant | None:
    """So many pairs of one worker with a relay; an emergency call gets them whatever is lacking."""
    vacancy, ports = exchange.node.capacity.vacancy, exchange.node.capacity.ports
    able = tuple(each for each in vacancy.workers if each not in vacancy.mute)
    if is_emergency:
        return ports.take_reserved(pairs, now.us, (*able, *_relayed(exchange), *ports.workers))
    if vacancy.full is not None and is_kept:
        return None
    return ports.take(pairs, now.us, able if is_kept else able or _relayed(exchange))


def _relayed(exchange: Exchange) -> tuple[int, ...]:
    vacancy, ports = exchange.node.capacity.vacancy, exchange.node.capacity.ports
    return tuple(each for each in ports.workers if each not in vacancy.mute)


def _lack(exchange: Exchange) -> Full:
    """What a call that is refused has not got."""
    lack = exchange.node.capacity.vacancy.full or (None if _relayed(exchange) else Full.RELAYS)
    return lack or Full.PORTS


def _taken(
    exchange: Exchange,
    event: InviteReceived,
    who: tuple[Source, Plan, Route | None],
    what: tuple[Grant, SessionDescription | None, Reason],
    now: Now,
) -> AdmittedCall:
    (source, plan, route), (grant, offer, unrecorded) = who, what
    node, request = exchange.node, event.request
    key = node.fresh.recording_id(now.us)
    caller_at = source.rtp_advertise or node.place.address
    caller = _end(exchange, Side.CALLER, grant.pairs, caller_at)
    callee = _end(exchange, Side.CALLEE, grant.pairs, node.place.address)
    sealed = sealed_by(source, transport_of(event.flow))
    caller = msgspec.structs.replace(
        caller,
        seat=msgspec.structs.replace(caller.seat, is_sealed=sealed),
        peer=source.name,
        latch=source.latch,
        dialog=event.dialog,
        theirs=offer,
        is_aware=is_aware_by((*request.supported, *request.require)),
    )
    call = InlineCall(
        key=key,
        plan=plan,
        created_us=now.us,
        caller=_with_notice(caller, plan),
        callee=_with_notice(callee, plan),
        invite=event.key,
        untried=TargetSet(targets=plan.targets),
        is_offerless=offer is None,
        recording=CallRecording(unrecorded=unrecorded),
    )
    bridged = BridgedCall(
        call=call,
        source=source.name,
        request=without_body(request),
        enclosures=enclosed_in(request),
        caller=(event.dialog.call_id, event.dialog.local_tag),
        prompts=exchange.switch.stock.only((*plan.notice.prompts, plan.ringback, COMFORT)),
        agents=AgentsTold(id=_agent_in(request, route)),
        sides=SideHistory(sources=(source.name, "")),
    )
    session = _session(exchange, event, source, (key, grant), now)
    session = msgspec.structs.replace(session, pause_max_s=plan.control.pause_max_s)
    session = known_by_invite(session, event, source, plan.number)
    session = tolerated(session, in_message(request), now.us)
    return AdmittedCall(bridged=bridged, session=session)


def _with_notice(end: End, plan: Plan) -> End:
    """With the notice due, where the plan tells that side, and not only when recording begins."""
    is_due = plan.notice.prompts and not plan.notice.at_start and end.side in plan.notice.sides
    return msgspec.structs.replace(end, notice=NoticeStage.DUE) if is_due else end


def _agent_in(request: Request, route: Route | None) -> bytes:
    """The id that the route's header gives; b"" without one."""
    if route is None or not route.agent.startswith("header:"):
        return b""
    name = route.agent.removeprefix("header:").strip().lower().encode()
    return request.value(name) or b""


def _end(exchange: Exchange, side: Side, pairs: tuple[int, ...], address: str) -> End:
    """An end before anything was said; every other pair is its: for speech, and beside it."""
    node = exchange.node
    pair, *beside = pairs[side::PAIRS]
    end = End(
        side=side,
        peer="",
        pair=pair,
        seat=MediaSeat(
            address=address,
            port=node.place.port(pair),
            session_id=exchange.numbers(31),
            secret=node.fresh.srtp_secret(),
        ),
        latch=Latch.SIGNALLED,
        ssrc=exchange.numbers(32),
        # Half of the range: the rollover counter of SRTP begins at 0 (RFC 3711 §3.3.1).
        first_sequence=exchange.numbers(15),
        first_timestamp=exchange.numbers(32),
    )
    return with_pair_beside(exchange, end, beside[0]) if beside else end


def with_pair_beside(exchange: Exchange, end: End, pair: int) -> End:
    """An end with a place for a line that is no speech."""
    seat = msgspec.structs.replace(end.seat, port_beside=exchange.node.place.port(pair))
    return msgspec.structs.replace(end, seat=seat, pair_beside=pair)


def room_beside(
    exchange: Exchange, bridged: BridgedCall, event: Event, now: Now
) -> tuple[BridgedCall, list[Output]]:
    """A call that comes to want more than speech gets pairs for it, where its worker has some."""
    session = exchange.node.sessions.get(bridged.key)
    if not isinstance(event, Reoffered) or session is None:
        return bridged, []
    call = bridged.call
    if not call.plan.relays_beside or call.caller.pair_beside >= 0:
        return bridged, []
    if place_beside(event.description) is None:
        return bridged, []
    grant = exchange.node.capacity.ports.take(PAIRS_BESIDE, now.us, (session.worker,))
    if grant is None:
        return bridged, []
    for end, pair in zip((call.caller, call.callee), grant.pairs, strict=True):
        call = call.with_end(with_pair_beside(exchange, end, pair))
    pairs = (*session.pairs, *grant.pairs)
    exchange.node.sessions.keep(msgspec.structs.replace(session, pairs=pairs))
    return msgspec.structs.replace(bridged, call=call), [Listen(grant.pairs)]


def _session(
    exchange: Exchange,
    event: InviteReceived,
    source: Source,
    made: tuple[bytes, Grant],
    now: Now,
) -> RecordingSession:
    key, grant = made
    return RecordingSession(
        key=key,
        tenant=source.tenant,
        source=source.name,
        dialog=event.dialog,
        worker=grant.worker,
        created_us=now.us,
        address=source.rtp_advertise or exchange.node.place.address,
        call=opened(event, source, exchange.node.place.node, "inline", now.us),
        pairs=grant.pairs,
    )
