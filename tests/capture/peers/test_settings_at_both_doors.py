"""Every setting of a source at both front doors: where it counts, it is seen; elsewhere nothing is.

The same call is placed with the setting and without; all that is sent, recorded and told to relays
is compared.
"""

import dataclasses
from typing import Any, Final, Literal

import msgspec
import pytest

from archive.call.marks import CallMarks
from capture.inline.routing.route import Route
from capture.links.relay_messages import Latch
from capture.peers.source_settings import INLINE_CALLS_ALONE, RECORDING_SESSIONS_ALONE
from capture.peers.sources import Source
from capture.recording.outputs import Find, ToRelay, ToWorker
from capture.sip.build import Header
from rokuon.config.schema import SourceSettings
from tests.capture.inline.stage import ROUTE, SDP, TRUNK, Stage, from_caller, sdp
from tests.capture.siprec.stage import METADATA, MIXED, mixed

Door = Literal["recording session", "inline call"]
DOORS: Final[tuple[Door, Door]] = ("recording session", "inline call")

# Before a call comes to a door: who it is from, to which door it comes, by which address we are
# known, when it is missed, how many of its calls may wait for their ACK; who
# speaks in them besides.
AT_NO_DOOR: Final = {
    "name", "address", "certificate", "mode", "sip_advertise", "alarm_after_s",
    "unacknowledged_calls", "peer_group",
}  # fmt: skip
KEY: Final = "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:" + "A" * 40
PLAIN: Final = sdp("192.0.2.1", 4000)
SEALED: Final = sdp("192.0.2.1", 4000, KEY).replace(b"RTP/AVP", b"RTP/SAVP")
EVS: Final = sdp("192.0.2.1", 4000, "a=rtpmap:96 EVS/16000", formats="96")
ANSWER: Final = sdp("192.0.2.30", 5000, formats="0 101")
SEALED_ANSWER: Final = (
    sdp("192.0.2.30", 5000, KEY.replace("A" * 40, "B" * 40), formats="0 101")
).replace(b"RTP/AVP", b"RTP/SAVP")
EVS_ANSWER: Final = sdp("192.0.2.30", 5000, "a=rtpmap:96 EVS/16000", formats="96")
ANSWERS: Final = {PLAIN: ANSWER, SEALED: SEALED_ANSWER, EVS: EVS_ANSWER}
UNTOLD: Final = dataclasses.replace(ROUTE, notice=(), direction="")


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A setting with another value than usual, and the call that shows it."""

    change: dict[str, Any]
    base: Source = TRUNK
    offer: bytes = PLAIN


CASES: Final = {
    "tenant": Case(change={"tenant": b"u" * 16}),
    "user": Case(change={"user": "pbx", "password": "secret"}),
    "password_file": Case(change={"user": "pbx", "password": "secret"}),
    "zone": Case(change={"zone": "Asia/Tokyo"}),
    "country": Case(change={"country": "JP"}),
    "internal_domains": Case(change={"internal_domains": ("192.0.2.1", "pbx.example.com")}),
    "internal_numbers": Case(change={"internal_numbers": ("+8130*", "+8135*")}),
    "allow_telephone_event": Case(change={"allow_telephone_event": True}),
    "rtp_advertise": Case(change={"rtp_advertise": "198.51.100.1"}),
    "keep_anything": Case(change={"keep_anything": True}, offer=EVS),
    "strict": Case(change={"strict": True}),
    "srtp": Case(change={"srtp": "require"}),
    "keys_in_clear": Case(change={"keys_in_clear": "refuse"}, offer=SEALED),
    "latch": Case(change={"latch": Latch.NAT}),
    "siprec_latch": Case(change={"siprec_latch": "any"}),
    "trusted": Case(change={"trusted": False}),
    "pass_headers": Case(change={"pass_headers": ("X-Ref",)}),
    "pause_max_s": Case(
        change={"pause_max_s": 5}, base=dataclasses.replace(TRUNK, pause_by_header=True)
    ),
    "pause_by_header": Case(change={"pause_by_header": True}),
    "call_id_headers": Case(change={"call_id_headers": ("X-Ref",)}),
    "queue": Case(change={"marks": CallMarks(queue="support")}),
    "purpose": Case(change={"marks": CallMarks(purposes=("quality", "dispute"))}),
    "controller": Case(change={"marks": CallMarks(controller="A K.K.")}),
    "tags": Case(change={"marks": CallMarks(tags=("gold",))}),
}


def recording_session(*headers: Header, offer: bytes) -> bytes:
    """The same call as its recording client tells of it."""
    head, _, line = offer.partition(b"m=")
    lines = (b"m=" + line + b"a=label:%d\r\n" % label for label in (96, 97))
    metadata = (b"application/rs-metadata+xml", METADATA)
    said = [(SDP[1], head + b"".join(lines))] if offer else []
    body = mixed(*said, metadata)
    return from_caller(b"INVITE", (b"Require", b"siprec"), *headers, body=body, kind=MIXED[1])


def placed(door: Door, source: Source, offer: bytes, route: Route = UNTOLD) -> Stage:
    """A call through one of the doors, paused by its own word."""
    stage = Stage(source=source, routes=(route,))
    said = ((b"X-Ref", b"4711"), (b"P-Asserted-Identity", b"<sip:+81300001234@192.0.2.1>"))
    if door == "recording session":
        stage.a(recording_session(*said, offer=offer))
    else:
        stage.calls(*said, body=offer)
    if any(isinstance(each, Find) for each in stage.outputs):
        stage.found()
    if any(to == "b" for to, _ in stage.sent()):
        stage.b(200, (b"P-Asserted-Identity", b"<sip:201@pbx>"), said[0], body=ANSWERS[offer])
    if stage.answer_to_a().status == 200:
        stage.a_inside(b"ACK", 1)
        stage.a_inside(b"INFO", 2, (b"X-Rokuon-Pause", b"on"))
    return stage


def seen(stage: Stage) -> list[object]:
    """All that was sent, and what workers, relays and sessions have of it."""
    told = [each.command for each in stage.log if isinstance(each, ToWorker | ToRelay)]
    sessions = [msgspec.structs.replace(each, source="", call=None) for each in stage.node.sessions]
    return [*stage.sent_bytes(), *told, *sessions]


def test_every_setting_of_a_source_stands_in_the_table() -> None:
    """A new one has to say at which door it counts."""
    settings = {each.name for each in dataclasses.fields(SourceSettings)}

    assert settings == AT_NO_DOOR | CASES.keys()
    assert settings >= RECORDING_SESSIONS_ALONE | INLINE_CALLS_ALONE


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("setting", CASES)
def test_a_setting_counts_at_the_doors_that_the_documents_say(setting: str, door: Door) -> None:
    """One that a door passes over in silence protects nobody there."""
    case = CASES[setting]
    other_door = INLINE_CALLS_ALONE if door == "recording session" else RECORDING_SESSIONS_ALONE
    changed = dataclasses.replace(case.base, **case.change)
    usual = seen(placed(door, case.base, case.offer))

    assert (seen(placed(door, changed, case.offer)) != usual) is (setting not in other_door)


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize(
    ("change", "offer", "warning"),
    [
        ({"keys_in_clear": "refuse"}, SEALED, b"over TLS"),
        ({"srtp": "require"}, PLAIN, b"SRTP is asked for"),
        ({"srtp": "require", "keys_in_clear": "refuse"}, b"", b"over TLS"),
    ],
)
def test_speech_that_a_source_may_not_offer_so_is_refused_at_both_doors(
    door: Door, change: dict[str, str], offer: bytes, warning: bytes
) -> None:
    """488, and why; where we would have to offer keys in the clear as well."""
    source = dataclasses.replace(TRUNK, **change)  # type: ignore[arg-type]  # fields of Source
    stage = placed(door, source, offer)
    answer = stage.answer_to_a()

    assert (answer.status, warning in (answer.value(b"warning") or b"")) == (488, True)
    assert stage.rows() == [(488, "media not acceptable")]


@pytest.mark.parametrize("door", DOORS)
def test_keys_that_came_in_the_clear_are_flagged_at_both_doors(door: Door) -> None:
    """Once; whoever listens is told that others may have."""
    stage = placed(door, TRUNK, SEALED)

    assert [each.flag for each in stage.events() if hasattr(each, "flag")].count(
        "keys_in_clear"
    ) == 1


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize(
    ("change", "first", "later"),
    [({"keys_in_clear": "refuse"}, PLAIN, SEALED), ({"srtp": "require"}, SEALED, PLAIN)],
)
def test_what_may_not_be_offered_at_first_may_not_be_later(
    door: Door, change: dict[str, str], first: bytes, later: bytes
) -> None:
    """The call goes on as it was; a re-INVITE is no way round the setting."""
    source = dataclasses.replace(TRUNK, **change)  # type: ignore[arg-type]  # fields of Source
    stage = placed(door, source, first)
    stage.a_inside(b"INVITE", 3, body=later.replace(b"o=- 7 1", b"o=- 7 2"))

    stage.then("a: 488 INVITE")
