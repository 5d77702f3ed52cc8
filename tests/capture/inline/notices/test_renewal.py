"""What is played goes out in what the party takes, cell by cell.

Offer × answer × who is told × a change meanwhile, to peers that take only the first format of the
answer that came last, as PJSIP does (docs/inline.md section Media).
"""

from dataclasses import dataclass, field, replace
from typing import Final

import pytest

from archive.call.events import NoticePlayed
from capture.inline.routing.route import CallDirection, NoticeTo, NoticeWhen
from capture.links.relay_messages import LetGo, Outcome, Played, Playing, RelayCall, Side
from capture.sdp.parser import parse_description
from capture.sip.message import Request, Response
from tests.capture.inline.phone import Phone
from tests.capture.inline.stage import ROUTE, START_US, Stage, sdp

ORDERS: Final = ("0 8", "8 0")
FORMATS: Final = (*ORDERS, "0", "8")
NOTICE: Final = {0: "n.pcmu", 8: "n.pcma"}
RINGBACK: Final = {0: "r.pcmu", 8: "r.pcma"}
LETTERS: Final = "ab"
PLACES: Final = (("192.0.2.1", 4000), ("192.0.2.30", 5000))


def formats_of(body: bytes) -> list[str]:
    """Those of the audio line, without keys."""
    (line,) = parse_description(body).media
    return [each.decode() for each in line.formats if each != b"101"]


@dataclass
class Phones:
    """Both parties: the one type that each takes, by what it was answered or has answered."""

    stage: Stage
    takes: dict[Side, int] = field(default_factory=dict)

    def says(self, side: Side, formats: str, version: int = 1) -> bytes:
        """Its description."""
        return sdp(*PLACES[side], version=version, formats=f"{formats} 101")

    def took(self, side: Side, body: bytes) -> None:
        """What it was answered or answers."""
        self.takes[side] = int(formats_of(body)[0])

    def got(self, side: Side) -> list[Request | Response]:
        """What it has received."""
        return self.stage.to_b() if side is Side.CALLEE else self.stage.to_a()

    def calls(self, offer: str, answer: str, when: NoticeWhen) -> None:
        """The call until something is played to who is told first."""
        self.stage.calls(body=self.says(Side.CALLER, offer))
        if when == "dial-first":
            self.stage.b(180).b(200, body=self.says(Side.CALLEE, answer))
            self.took(Side.CALLEE, self.says(Side.CALLEE, answer))
        self.took(Side.CALLER, self.stage.answer_to_a().body)
        if when != "early":
            self.stage.a_inside(b"ACK", 1)

    def changes(
        self, side: Side, method: bytes, formats: str, cseq: int = 2, version: int = 2
    ) -> None:
        """It wants this from now on; the other one says yes where it is asked."""
        inside = self.stage.b_inside if side is Side.CALLEE else self.stage.a_inside
        inside(method, cseq, body=self.says(side, formats, version))
        if method == b"INVITE":
            inside(b"ACK", cseq)
        told = [m for m in self.got(side) if isinstance(m, Response) and m.cseq.number == cseq]
        assert told[-1].status == 200
        self.took(side, told[-1].body)
        self.agrees(Side.CALLEE if side is Side.CALLER else Side.CALLER)

    def agrees(self, side: Side) -> None:
        """Whoever was asked something by us says yes to all of it."""
        asked = [m for m in self.got(side) if isinstance(m, Request) and m.method == b"INVITE"]
        if asked and asked[-1].has_to_tag:
            answer = self.says(side, " ".join(formats_of(asked[-1].body)), 9)
            Phone(self.stage, LETTERS[side]).answers(200, body=answer)
            self.took(side, answer)

    def hear(self, call: RelayCall, told: tuple[Side, ...]) -> None:
        """Who is told hears the notice, the other one ringback, each in the type that it takes."""
        for side in self.takes:
            playing, takes = call.ends[side].playing, self.takes[side]
            assert playing is not None
            files = NOTICE if side in told else RINGBACK
            assert (playing.payload_type, playing.prompt) == (takes, files[takes])


TOLD: Final[dict[NoticeTo, tuple[Side, ...]]] = {
    "caller": (Side.CALLER,),
    "callee": (Side.CALLEE,),
    "both": (Side.CALLER, Side.CALLEE),
}


def word_on(order: Playing | None, call: bytes, outcome: Outcome, packets: int) -> Played:
    """What the relay says of an order."""
    assert order is not None
    return Played(
        call=call,
        side=Side.CALLER,
        serial=order.serial,
        outcome=outcome,
        from_us=START_US,
        until_us=START_US + packets * 20_000,
        packets=packets,
        sent_ms=packets * 20,
        whole_ms=2_000,
        first_sequence=1,
        gate_us=0,
    )


def on_stage(to: NoticeTo = "caller", when: NoticeWhen = "dial-first") -> Phones:
    """A call whose route tells these parties then."""
    direction: CallDirection = "outbound" if to == "callee" else "inbound"
    return Phones(
        Stage(routes=(replace(ROUTE, notice_to=to, notice_when=when, direction=direction),))
    )


@pytest.mark.parametrize("to", TOLD)
@pytest.mark.parametrize("answer", FORMATS)
@pytest.mark.parametrize("offer", ORDERS)
def test_each_hears_us_in_the_first_format_of_the_answer(
    offer: str, answer: str, to: NoticeTo
) -> None:
    """A PJSIP phone that offers `0 8` and is answered `8 0` throws away all that comes as 0."""
    phones = on_stage(to)
    phones.calls(offer, answer, "dial-first")

    phones.hear(phones.stage.relay_call(), TOLD[to])


@pytest.mark.parametrize("when", ["answer-first", "early"])
@pytest.mark.parametrize("offer", FORMATS)
def test_a_caller_who_is_told_before_anybody_is_called_hears_it_as_answered(
    offer: str, when: NoticeWhen
) -> None:
    """By 200 or by 183; the answer is ours alone."""
    phones = on_stage(when=when)
    phones.calls(offer, "", when)

    phones.hear(phones.stage.relay_call(), (Side.CALLER,))


@pytest.mark.parametrize("method", [b"INVITE", b"UPDATE"])
@pytest.mark.parametrize("who", list(Side))
@pytest.mark.parametrize("to", TOLD)
@pytest.mark.parametrize("wanted", FORMATS)
@pytest.mark.parametrize("answer", ORDERS)
@pytest.mark.parametrize("offer", ORDERS)
def test_each_hears_it_in_what_it_takes_after_a_change_of_either(
    offer: str, answer: str, wanted: str, to: NoticeTo, who: Side, method: bytes
) -> None:
    """A phone locks its codec by UPDATE while it is told: what went on as before was not heard.

    Nor are the two left with a codec that the other one does not take.
    """
    phones = on_stage(to)
    phones.calls(offer, answer, "dial-first")
    phones.changes(who, method, wanted)

    phones.hear(phones.stage.relay_call(), TOLD[to])
    assert phones.takes[Side.CALLER] == phones.takes[Side.CALLEE]


@pytest.mark.parametrize("method", [b"INVITE", b"UPDATE"])
@pytest.mark.parametrize("who", list(Side))
@pytest.mark.parametrize("answer", FORMATS)
@pytest.mark.parametrize("offer", ORDERS)
def test_an_offer_without_news_moves_nobody_to_another_codec(
    offer: str, answer: str, who: Side, method: bytes
) -> None:
    """A refresh by re-INVITE repeats the description; our answer to it is an answer like others."""
    phones = on_stage()
    phones.calls(offer, answer, "dial-first")
    before = phones.takes.copy()
    phones.changes(who, method, offer if who is Side.CALLER else answer, version=1)

    assert phones.takes == before
    phones.hear(phones.stage.relay_call(), (Side.CALLER,))


@pytest.mark.parametrize("method", [b"INVITE", b"UPDATE"])
@pytest.mark.parametrize("wanted", FORMATS)
@pytest.mark.parametrize("offer", ORDERS)
def test_a_caller_who_is_answered_first_may_change_his_mind(
    offer: str, wanted: str, method: bytes
) -> None:
    """Nobody else is there to be asked."""
    phones = on_stage(when="answer-first")
    phones.calls(offer, "", "answer-first")
    if set(wanted.split()) & {str(phones.takes[Side.CALLER])}:
        phones.changes(Side.CALLER, method, wanted)

    phones.hear(phones.stage.relay_call(), (Side.CALLER,))


@pytest.mark.parametrize("wanted", FORMATS)
@pytest.mark.parametrize("answer", ORDERS)
def test_a_beep_goes_out_in_what_is_agreed_on_by_then(answer: str, wanted: str) -> None:
    """Changes of a call that is up cross; the beep follows them on both sides."""
    phones = Phones(Stage(routes=(replace(ROUTE, notice=(), beep_s=5),)))
    phones.calls("0 8", answer, "dial-first")
    stage = phones.stage
    stage.a_inside(b"INVITE", 2, body=phones.says(Side.CALLER, wanted, 2))
    phones.agrees(Side.CALLEE)
    phones.took(Side.CALLER, stage.answer_to_a().body)
    stage.a_inside(b"ACK", 2).until(20)

    for side, takes in phones.takes.items():
        playing = stage.relay_call().ends[side].playing
        assert playing is not None
        assert (playing.payload_type, playing.prompt) == (takes, {0: "b.pcmu", 8: "b.pcma"}[takes])


def changed_meanwhile(outcome: Outcome) -> Stage:
    """The caller wants another codec while he is told; the relay says how far it had come."""
    phones = on_stage()
    phones.calls("0 8", "8 0", "dial-first")
    former = phones.stage.relay_call()
    phones.changes(Side.CALLER, b"UPDATE", "0")
    stage = phones.stage
    told = word_on(former.ends[Side.CALLER].playing, former.call, outcome, 25)
    return stage.relay_says(told)


def test_what_was_said_in_the_former_codec_is_evidence_too() -> None:
    """It was sent; the notice is begun anew behind it, and only that one can be through."""
    stage = changed_meanwhile(Outcome.CUT_SHORT)
    assert not stage.relay_call().is_joined
    stage.played()

    told = [(each.outcome, each.packets) for each in stage.events(NoticePlayed)]
    assert told == [("cut_short", 25), ("complete", 100)]
    assert stage.relay_call().is_joined


def test_what_was_through_as_the_change_came_need_not_be_said_again() -> None:
    """The relay's word and the phone's have crossed: the phone has heard all of it."""
    stage = changed_meanwhile(Outcome.COMPLETE)

    assert [each.outcome for each in stage.events(NoticePlayed)] == ["complete"]
    assert stage.relay_call().is_joined


def test_a_call_that_ends_behind_a_change_has_both_pieces_of_evidence() -> None:
    """The relay speaks of what it had to break off, then of what it was playing."""
    phones = on_stage()
    phones.calls("0 8", "8 0", "dial-first")
    former = phones.stage.relay_call().ends[Side.CALLER].playing
    phones.changes(Side.CALLER, b"UPDATE", "0")
    later = phones.stage.relay_call()
    phones.stage.a_inside(b"BYE", 3)
    for order, packets in ((former, 25), (later.ends[Side.CALLER].playing, 10)):
        told = word_on(order, later.call, Outcome.CUT_SHORT, packets)
        phones.stage.relay_says(told)
    phones.stage.relay_says(LetGo(call=later.call))

    assert [each.packets for each in phones.stage.events(NoticePlayed)] == [25, 10]
