"""What tests of relay differential share."""

from dataclasses import dataclass
from itertools import count

from hypothesis import strategies as st

from archive.srtp.suites import SUITES
from capture.links.relay_messages import Latch, Place, RelayCall
from capture.media.relay.srtp import SrtpSealer
from tests.capture.media.relay_scene import call
from tests.capture.media.relay_twins import CALLEE, CALLER, STRANGER, Twin
from tests.support.media.relay_secrecy import line

STEPS = 8


# Sequences wrap, of what comes and of what goes.
FIRST_HEARD, FIRST_SENT = 65_531, 65_533


ROLLED = 1 << 16


KEYS = ("", "|2^20|5:2", " UNENCRYPTED_SRTP", "|9:128")


numbers = count()


@dataclass(frozen=True)
class Datagram:
    """RTP as it may come, or not; of SRTP the index, the party's key, and a bit that is flipped."""

    clear: bytes
    index: int
    key: int
    flipped: int

    def said(self, sealings: tuple[SrtpSealer, ...]) -> bytes:
        """As it is sent by who has these keys."""
        if not sealings or len(self.clear) < 12:
            return self.clear
        ssrc = int.from_bytes(self.clear[8:12], "big")
        sealed = bytearray(sealings[self.key].seal(self.clear, ssrc, self.index))
        if self.flipped >= 0:
            at = self.flipped % (8 * len(sealed))
            sealed[at // 8] ^= 1 << at % 8
        return bytes(sealed)


@dataclass(frozen=True)
class Setting:
    """How a call is."""

    latch: Latch = Latch.SIGNALLED
    is_landed: bool = True
    is_muxed: bool = False
    is_elsewhere: bool = False
    opens: str = ""
    seals: str = ""
    more: str = ""


def rtp(first: int, second: int, index: int, ssrc: int, payload: bytes) -> bytes:
    head = bytes([first, second]) + (index % ROLLED).to_bytes(2, "big")
    return head + (index * 160).to_bytes(8, "big")[4:] + ssrc.to_bytes(4, "big") + payload


# Mostly as it should be: what is not plain is one in a few.
FIRSTS = st.sampled_from([0x80] * 12 + [0x90, 0x91, 0x8F, 0xA0, 0x00, 0x40, 0xC0])


SECONDS = st.sampled_from([0] * 10 + [0x80, 8, 96, 96 | 0x80, 101, 13, 72, 200, 201, 223, 127])


LENGTHS = st.sampled_from([160] * 8 + [0, 1, 3, 4, 80, 203, 229, 243, 244, 245, 300, 1_400])


PAYLOADS = st.builds(
    lambda length, fill: (b"\0\1" + fill * length)[:length],
    LENGTHS,
    st.binary(min_size=1, max_size=4),
)


INDICES = st.integers(-2, 14).map(lambda ahead: FIRST_HEARD + ahead) | st.sampled_from(
    [0, 7, 32_000, FIRST_HEARD + 300, FIRST_HEARD + 40_000, 3 * ROLLED + 5]
)


@st.composite
def datagrams(draw: st.DrawFn) -> Datagram:
    index = draw(INDICES)
    ssrc = draw(st.sampled_from([7] * 9 + [8, 0xFFFFFFFF]))
    clear = draw(
        st.builds(rtp, FIRSTS, SECONDS, st.just(index), st.just(ssrc), PAYLOADS)
        | st.just(rtp(0x80, 0, index, ssrc, b"p" * 160))
        | st.binary(max_size=300)
    )
    flipped = -1
    if draw(st.integers(0, 9)) == 0:
        flipped = draw(st.integers(0, 2_000))
    return Datagram(clear, index, draw(st.sampled_from([0, 0, 0, 0, 1])), flipped)


RUNS = st.lists(datagrams(), min_size=1, max_size=8)


IN_ORDER = st.integers(0, 6).map(
    lambda begin: [
        Datagram(rtp(0x80, 0, index, 7, b"q" * 160), index, 0, -1)
        for index in range(FIRST_HEARD + begin, FIRST_HEARD + begin + 8)
    ]
)


STEP = st.tuples(
    st.sampled_from([CALLER] * 5 + [CALLEE] * 2 + [STRANGER]), RUNS | IN_ORDER,
    st.sampled_from([0.0, 0.02, 0.25]),
)  # fmt: skip


LATCHES = st.sampled_from([Latch.SIGNALLED] * 3 + [Latch.NAT, Latch.ANY])


SETTINGS_IN_CLEAR = st.builds(
    Setting, LATCHES, st.sampled_from([True, True, False]), st.booleans(), st.booleans()
)


SUITE = st.sampled_from(sorted(SUITES))


SETTINGS_OF_SRTP = st.builds(
    Setting, LATCHES, st.sampled_from([True, True, False]), st.booleans(), st.sampled_from([False]),
    SUITE | st.just(""), SUITE | st.just(""), st.sampled_from(KEYS),
)  # fmt: skip


Step = tuple[int, list[Datagram], float]


def lines(suite: str, more: str) -> tuple[str, ...]:
    return (line(suite, 1, more), line(suite, 2, more)) if suite else ()


def wanted(twin: Twin, setting: Setting, number: int) -> RelayCall:
    """The call, with this twin's places."""
    own = {"own_key": line(setting.seals, 9, setting.more)} if setting.seals else {}
    caller: dict[str, object] = {
        "latch": setting.latch, "is_muxed": setting.is_muxed, "types": ((96, 8),),
        "event_types": (101,), "keys": lines(setting.opens, setting.more),
    }  # fmt: skip
    if setting.is_elsewhere:
        caller["places"] = (Place("127.0.0.1", 9),)
    callee: dict[str, object] = {"first_sequence": FIRST_SENT, **own}
    return call(
        twin.stage, caller, callee, call=number.to_bytes(16, "big"), is_landed=setting.is_landed
    )


def play(both: tuple[Twin, Twin], setting: Setting, steps: list[Step]) -> None:
    """The same to both, and after each step both are held against each other."""
    number = next(numbers)
    keys = tuple(SrtpSealer(each, 0) for each in lines(setting.opens, setting.more))
    for twin in both:
        twin.begin(wanted(twin, setting, number))
    for who, run, passes_s in steps:
        said = [each.said(keys if who != CALLEE else ()) for each in run]
        for twin in both:
            twin.hear(who, said)
        ours, other = both
        assert ours.sent() == other.sent()
        assert ours.landed() == other.landed()
        assert ours.state() == other.state()
        for twin in both:
            twin.stage.pass_time(passes_s)
    assert both[0].says() == both[1].says()
