"""An inline call as a play: events come, commands are stated, the value goes through bytes."""

from dataclasses import replace
from typing import Any, Final, Self

import msgspec

from capture.inline.descriptions.seat import MediaSeat
from capture.inline.machine import step
from capture.inline.notices.notice import COMFORT
from capture.inline.state.call import InlineCall
from capture.inline.state.call_commands import (
    BringOver,
    Command,
    Dial,
    DialTransferTarget,
    LetGo,
    Notify,
    Offer,
    Progress,
    Reply,
)
from capture.inline.state.call_events import (
    Acknowledged,
    Answered,
    Began,
    Event,
    HopsFound,
    NoticePlayed,
    OfTransferTarget,
    Progressed,
    RangTooLong,
    Referred,
    Refused,
    Replaced,
)
from capture.inline.state.call_plan import Aim, Hop, NoticePlan, Plan, RouteLabels, TargetSet
from capture.inline.state.ends import End
from capture.inline.state.prompt_stock import PromptStock
from capture.inline.state.stages import NoticeStage
from capture.links.relay_messages import Latch, Outcome, Side
from capture.sdp.description import SessionDescription
from capture.sdp.parser import parse_description
from capture.sip.flow import Address
from capture.sip.identity import DialogId, TransactionKey

CALLER: Final = Side.CALLER
CALLEE: Final = Side.CALLEE
KEY: Final = TransactionKey(call_id=b"a", branch=b"z9hG4bK1", method=b"INVITE")
LATER: Final = TransactionKey(call_id=b"a", branch=b"z9hG4bK2", method=b"INVITE")
A_DIALOG: Final = DialogId(call_id=b"a", local_tag=b"us", remote_tag=b"caller")
B_DIALOG: Final = DialogId(call_id=b"b", local_tag=b"us", remote_tag=b"callee")
FORKED: Final = DialogId(call_id=b"b", local_tag=b"us", remote_tag=b"fork")
HOP: Final = Hop("udp", Address("192.0.2.30", 5060), b"sip:201@192.0.2.30")
SECOND: Final = Hop("udp", Address("192.0.2.31", 5060), b"sip:201@192.0.2.31")
START_US: Final = 1_790_000_000_000_000
NOTICE_FILES: Final = {
    ("notice", "PCMU"): "n.pcmu",
    ("notice", "PCMA"): "n.pcma",
    ("second", "PCMU"): "s.pcmu",
    ("ring", "PCMU"): "r.pcmu",
    ("ring", "PCMA"): "r.pcma",
    (COMFORT, "PCMU"): "t.pcmu",
    (COMFORT, "PCMA"): "t.pcma",
}


def sdp(
    *formats: int,
    version: int = 1,
    host: str = "192.0.2.1",
    port: int = 4000,
    direction: str = "sendrecv",
    maps: str = "",
) -> SessionDescription:
    """A party's description of one audio line; 101 are its telephone events."""
    numbers = " ".join(map(str, formats or (0, 8, 101)))
    return parse_description(
        (
            f"v=0\r\no=- 7 {version} IN IP4 {host}\r\ns=-\r\nc=IN IP4 {host}\r\nt=0 0\r\n"
            f"m=audio {port} RTP/AVP {numbers}\r\na=rtpmap:101 telephone-event/8000\r\n"
            f"a=rtpmap:18 G729/8000\r\n{maps}a=ptime:20\r\na={direction}\r\n"
        ).encode()
    )


OFFER: Final = sdp(18, 0, 8, 101)
ANSWER: Final = sdp(0, 101, host="192.0.2.30", port=5000)
HELD: Final = sdp(0, 101, version=2, direction="sendonly")
HOLDING: Final = sdp(0, 101, host="192.0.2.30", port=5000, version=2, direction="recvonly")
PBX: Final = (Aim(name="pbx", address="192.0.2.9"),)
TWO: Final = (*PBX, Aim(name="other", address="192.0.2.9"))
WITH_NOTICE: Final = Plan(
    labels=RouteLabels(route="support"),
    targets=PBX,
    number=b"201",
    notice=NoticePlan(prompts=("notice",)),
    codecs=("PCMU", "PCMA"),
    ringback="ring",
)
PLAIN: Final = Plan(labels=RouteLabels(route="plain"), targets=PBX, number=b"201")


def planned(**changes: object) -> Plan:
    """The plan with the notice, changed in itself or in one of its values."""
    plan, own = WITH_NOTICE, dict(changes)
    for name in ("notice", "control", "labels"):
        part = getattr(plan, name)
        theirs = {each: own.pop(each) for each in part.__struct_fields__ if each in own}
        own[name] = msgspec.structs.replace(part, **theirs)
    return msgspec.structs.replace(plan, **own)


def _end(side: Side, peer: str, pair: int) -> End:
    return End(
        side=side,
        peer=peer,
        pair=pair,
        seat=MediaSeat(address="192.0.2.9", port=10_000 + 2 * pair, session_id=9, secret=bytes(46)),
        latch=Latch.SIGNALLED,
        ssrc=pair + 1,
        first_sequence=1,
        first_timestamp=1,
    )


def a_call(plan: Plan = WITH_NOTICE, offer: SessionDescription | None = OFFER) -> InlineCall:
    """A call that has just been taken."""
    caller, callee = _end(CALLER, "trunk", 0), _end(CALLEE, "", 1)
    if plan.notice.prompts and not plan.notice.at_start:
        due = {side: NoticeStage.DUE for side in plan.notice.sides}
        caller, callee = (
            msgspec.structs.replace(each, notice=due.get(each.side, NoticeStage.NONE))
            for each in (caller, callee)
        )
    return InlineCall(
        key=b"call",
        plan=plan,
        created_us=START_US,
        caller=msgspec.structs.replace(caller, theirs=offer, dialog=A_DIALOG),
        callee=callee,
        invite=KEY,
        untried=TargetSet(targets=plan.targets),
        is_offerless=offer is None,
    )


def said(command: Command) -> str:
    """A command in a word or two: its name, and what it is about."""
    words = [command.method.decode() if isinstance(command, Offer) else type(command).__name__]
    for name in ("target", "side", "status"):
        if (value := getattr(command, name, None)) is not None:
            words.append(value.name.lower() if isinstance(value, Side) else str(value))
    return " ".join([*words, *_beside(command)])


def _beside(command: Command) -> list[str]:
    match command:
        case Dial():
            return [command.hop.remote.host, *([] if command.offer else ["offerless"])]
        case DialTransferTarget():
            return [command.hop.remote.host]
        case LetGo() | BringOver():
            return [command.dialog.call_id.decode()]
        case Notify():
            return ["over"] if command.is_over else []
        case Progress() | Reply() if command.description is not None:
            return ["sdp"]
        case _:
            return []


REFER: Final = TransactionKey(call_id=b"b", branch=b"z9hG4bK3", method=b"REFER")
C_DIALOG: Final = DialogId(call_id=b"c", local_tag=b"us", remote_tag=b"carol")
C_HOP: Final = Hop("udp", Address("192.0.2.31", 5060), b"sip:202@192.0.2.31")
C_ANSWER: Final = sdp(0, 101, host="192.0.2.31", port=6000)
C_SECRET: Final = bytes([3]) * 46


def refers(side: Side = CALLEE, **changes: Any) -> Referred:
    """A REFER to 202, with a fallback behind it."""
    told = Referred(side=side, key=REFER, number=b"202", secret=C_SECRET, aims=PBX)
    return replace(told, **changes)


def of_c(what: HopsFound | Progressed | Answered | Refused | RangTooLong) -> OfTransferTarget:
    """The same of who is to come."""
    return OfTransferTarget(what)


D_DIALOG: Final = DialogId(call_id=b"d", local_tag=b"us", remote_tag=b"dave")
D_KEY: Final = TransactionKey(call_id=b"d", branch=b"z9hG4bKd", method=b"INVITE")
D_SEAT: Final = MediaSeat(address="192.0.2.9", port=10_000, session_id=77, secret=bytes(46))


def takes(side: Side, description: SessionDescription | None, *, early: bool = False) -> Replaced:
    """Somebody's own INVITE for this side's place; `early`: it rings there."""
    return Replaced(
        side=side,
        key=D_KEY,
        dialog=D_DIALOG,
        description=description,
        peer="pbx",
        latch=Latch.NAT,
        seat=D_SEAT,
        is_early=early,
    )


class Playbook:
    """One call; `then` states what the last event had us do."""

    def __init__(self, call: InlineCall, stock: PromptStock | None = None) -> None:
        self.call, self.stock = call, stock or PromptStock(NOTICE_FILES)
        self.commands: list[Command] = []
        self.log: list[Command] = []
        self.now_us = START_US

    def when(self, event: Event, at_us: int = 0) -> Self:
        """Something happens."""
        self.now_us = at_us or self.now_us + 1_000
        self.call, self.commands = step(self.call, event, self.stock, self.now_us)
        self.log += self.commands
        kept = msgspec.msgpack.encode(self.call)
        assert msgspec.msgpack.decode(kept, type=InlineCall) == self.call
        return self

    def then(self, *expected: str) -> Self:
        """Exactly this is to be done, in this order."""
        assert [said(command) for command in self.commands] == list(expected)
        return self

    def last(self, kind: type) -> Command:
        """The last command of a kind that was ever given."""
        return next(each for each in reversed(self.log) if isinstance(each, kind))

    # -- stretches that many plays share --------------------------------------------------------

    def dialled(self) -> Self:
        """The callee is called at the first place of the first target."""
        return self.when(Began()).when(HopsFound((HOP,)))

    def answered(self, answer: SessionDescription = ANSWER) -> Self:
        """The callee answers, the caller acknowledges."""
        self.dialled().when(Progressed(b"callee", 180)).when(Answered(B_DIALOG, answer))
        return self.when(Acknowledged(CALLER))

    def noticed(self, side: Side = CALLER) -> Self:
        """The notice of this side is through."""
        return self.notice_ends(Outcome.COMPLETE, side)

    def notice_ends(self, outcome: Outcome, side: Side = CALLER) -> Self:
        """What this side hears is over, as the relay says."""
        plays = self.call.end(side).plays
        assert plays is not None
        at_us = self.now_us + 3_000_000
        gate_us = at_us if plays.opens and outcome is Outcome.COMPLETE else 0
        return self.when(
            NoticePlayed(
                side=side, serial=plays.serial, outcome=outcome, until_us=at_us, gate_us=gate_us
            ),
            at_us,
        )

    def joined(self) -> Self:
        """Both talk."""
        self.answered()
        return self.noticed() if self.call.plan.notice.prompts else self

    def transferred(self, side: Side = CALLEE) -> Self:
        """Both have talked, this side has had somebody called, and it rings there."""
        self.joined().when(refers(side)).when(of_c(HopsFound((C_HOP,))))
        return self.when(of_c(Progressed(b"carol", 180)))

    def hears(self, side: Side) -> str:
        """The prompt that is played to this side, "" for none."""
        plays = self.call.end(side).plays
        return plays.prompt if plays else ""
