"""SRTP of a relayed call, against a library that nobody here wrote."""

from itertools import product

import pytest

from archive.srtp.directions import Direction, Fit
from archive.srtp.keys import CryptoUnusable
from archive.srtp.suites import SUITES
from capture.links.relay_messages import Foreign, Latch
from capture.media.relay.live_calls import RelayEnd
from capture.media.relay.packet_indices import REPLAY_PACKETS
from capture.media.relay.srtp import (
    MAX_KEYS,
    PACKETS_A_SEARCH,
    SEARCHES,
    SrtpOpener,
    SrtpSealer,
    secret_of,
)
from tests.capture.media.relay_scene import (
    FIRST_SEQUENCE,
    SSRC_TO_CALLEE,
    Party,
    Stage,
    call,
    header,
    order,
)
from tests.capture.media.scene import rtp
from tests.support.media.relay_secrecy import PROFILES, line, opening, seal, session


def hearer(stage: Stage) -> RelayEnd:
    """The callee's end, which hears the caller."""
    return stage.relay.roster.by_pair[1]


@pytest.mark.parametrize("suite", PROFILES)
def test_what_a_library_seals_is_opened(suite: str) -> None:
    """Also a packet with contributors and a header extension."""
    peer, own = session(suite), opening(line(suite))
    odd = b"\x91" + rtp(2)[1:12] + b"\0\0\0\5" + b"\xbe\xde\0\1abcd" + b"audio"
    packets = [rtp(1), odd, rtp(3, b"")]

    assert [own.open(peer.protect(each)) for each in packets] == packets


@pytest.mark.parametrize("suite", PROFILES)
def test_what_is_sealed_a_library_opens(suite: str) -> None:
    """Over a rollover, which only the index tells."""
    peer, own = session(suite, inbound=True), SrtpSealer(line(suite), 0)

    for index in range(65_530, 65_545):
        assert peer.unprotect(seal(own, index)) == rtp(index)


@pytest.mark.parametrize("suite", SUITES)
def test_every_suite_that_we_answer_goes_there_and_back(suite: str) -> None:
    """Also those that the library has not."""
    assert opening(line(suite)).open(seal(SrtpSealer(line(suite), 0), 9)) == rtp(9)


def test_key_identifiers_and_plain_payloads_are_as_the_line_says() -> None:
    """RFC 4568 §6.1, §6.3."""
    for more in ("|2^31|5:2", " UNENCRYPTED_SRTP"):
        text = line(more=more)
        sealed = seal(SrtpSealer(text, 0), 9)

        assert opening(text).open(sealed) == rtp(9)
        assert (rtp(9)[12:] in sealed) is ("UNENCRYPTED" in more)


def test_a_successor_opens_whatever_the_rollover_counter_is() -> None:
    """It is found by the tag: a killed relay's count of it is needed by nobody."""
    sealed = seal(SrtpSealer(line(), 0), 3 * 65_536 + 7)

    assert opening(line()).open(sealed) == rtp(3 * 65_536 + 7)


def test_rollovers_are_sought_now_and_then_however_much_junk_comes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A search is 128 tags; junk of ever new sources must not buy one with each packet."""
    searches: list[bytes] = []
    fit = Direction.fit

    def counted(self: Direction, packet: bytes) -> Fit | None:
        searches.append(packet)
        return fit(self, packet)

    monkeypatch.setattr(Direction, "fit", counted)
    own = opening(line())
    for number in range(10 * PACKETS_A_SEARCH):
        assert own.open(rtp(number, ssrc=number)) is None

    assert len(searches) <= SEARCHES + 10
    assert own.open(seal(SrtpSealer(line(), 0), 9)) == rtp(9)


def test_a_source_goes_on_under_a_new_key_with_its_rollovers() -> None:
    """RFC 3711 §3.3.1: another key does not reset them; who begins anew all the same is heard."""
    own, index = opening(line()), 2 * 65_536 + 7
    assert own.open(seal(SrtpSealer(line(), 0), index)) == rtp(index)
    own.learn([line(fill=8), line(fill=9)])

    assert own.open(seal(SrtpSealer(line(fill=8), 0), index + 1)) == rtp(index + 1)
    assert own.open(seal(SrtpSealer(line(fill=9), 0), 8)) == rtp(8)


def test_of_keys_that_are_named_without_end_the_last_are_known() -> None:
    """A party that offers new ones for ever must not have us try them all on each packet."""
    own = opening(line(fill=1))
    for fill in range(2, 3 * MAX_KEYS):
        assert own.open(seal(SrtpSealer(line(fill=1), 0), fill)) == rtp(fill), "it is in use"
        own.learn([line(fill=fill)])

    assert own.open(seal(SrtpSealer(line(fill=3 * MAX_KEYS - 1), 0), 200)) == rtp(200)
    assert own.open(seal(SrtpSealer(line(fill=2), 0), 201)) is None
    own.learn([line(fill=2)])
    assert own.open(seal(SrtpSealer(line(fill=2), 0), 202)) == rtp(202)


def test_a_packet_that_came_before_is_not_passed_again() -> None:
    """RFC 3711 §3.3.2: a replayed packet would be audio that nobody said now."""
    own, peer = opening(line()), SrtpSealer(line(), 0)
    sealed = {index: seal(peer, index) for index in range(1000, 2000)}
    assert own.open(sealed[1500]) == rtp(1500)
    assert own.open(sealed[1500]) == b""
    assert own.open(sealed[1499]) == rtp(1499)
    assert own.open(sealed[1499]) == b""
    assert own.open(sealed[1500 + REPLAY_PACKETS]) == rtp(1500 + REPLAY_PACKETS)

    assert own.open(sealed[1500]) == b""
    assert own.open(sealed[1501]) == rtp(1501)


def test_what_no_key_proves_is_none() -> None:
    """Forged, damaged, cut, or of another key; and it is remembered nowhere."""
    own, sealed = opening(line()), seal(SrtpSealer(line(), 0), 9)
    damaged = sealed[:20] + bytes([sealed[20] ^ 1]) + sealed[21:]
    other = seal(SrtpSealer(line(fill=8), 0), 9)

    assert [own.open(each) for each in (damaged, other, sealed[:11], sealed[:15], b"")] == [
        None
    ] * 5
    assert own.open(sealed) == rtp(9)


def test_old_and_new_keys_are_tried_after_a_change() -> None:
    """Each packet chooses its key by its tag, never by time."""
    own = opening(line(fill=1))
    first, second = SrtpSealer(line(fill=1), 0), SrtpSealer(line(fill=2), 0)
    assert own.open(seal(first, 1)) == rtp(1)
    own.learn([line(fill=2), "1 nonsense"])

    for number, sealing in [(2, second), (3, first), (4, second)]:
        assert own.open(seal(sealing, number)) == rtp(number)


def test_reports_go_both_ways() -> None:
    """Behind the last index there is none (RFC 3711 §9.2)."""
    report = b"\x80\xc9\0\1" + (7).to_bytes(4, "big")
    peer, own = session(inbound=True), SrtpSealer(line(), 0)

    assert peer.unprotect_rtcp(own.seal_report(report, 2_000)) == report
    assert opening(line()).open_report(own.seal_report(report, 3_000)) == report
    assert opening(line(fill=1)).open_report(own.seal_report(report, 4_000)) == b""
    assert own.seal_report(report, 1 << 31) == b""


def test_the_index_of_a_report_is_the_time_and_never_what_was_before() -> None:
    """A clock may be set back, and two reports may leave in one ms."""
    own = SrtpSealer(line(), 1_000_000)

    assert own.report_index(0, 3_500_000) == 2_500
    assert own.report_index(2_501, 3_500_000) == 2_501
    assert own.report_index(2_502, 900_000) == 2_502


def test_a_key_that_cannot_be_used_is_an_error_to_send_with() -> None:
    """Nothing goes out in the clear instead."""
    with pytest.raises(CryptoUnusable):
        SrtpSealer("1 AES_CM_128_HMAC_SHA1_80 inline:short", 0)


@pytest.mark.parametrize(
    ("from_caller", "to_callee"), [pair for pair in product([False, True], repeat=2) if any(pair)]
)
def test_a_call_is_opened_on_one_side_and_sealed_on_the_other(
    stage: Stage, from_caller: bool, to_callee: bool
) -> None:
    """Each side as it was agreed there; what lands is what came."""
    sends, hears = session(), session(fill=9, inbound=True)
    stage.tell(
        call(
            stage,
            {"keys": (line(),)} if from_caller else {},
            {"own_key": line(fill=9)} if to_callee else {},
        )
    )
    sent = [sends.protect(rtp(n)) if from_caller else rtp(n) for n in range(70, 73)]
    stage.send(stage.caller, *sent, to=0)
    heard = [stage.callee.hears() for _ in sent]
    plain = [hears.unprotect(each) if to_callee else each for each in heard]

    assert [header(each)[2] for each in plain] == [FIRST_SEQUENCE + n for n in range(3)]
    assert {header(each)[4] for each in plain} == {SSRC_TO_CALLEE}
    assert {each[12:] for each in plain} == {rtp(1)[12:]}
    assert [data for _, data in stage.landed()] == sent


def test_unproved_packets_are_kept_and_go_no_further(stage: Stage) -> None:
    """A key may be told a moment late; what nobody proves nobody hears."""
    stage.tell(call(stage, {"keys": (line(),)}))
    good = session().protect(rtp(1))
    stage.send(stage.caller, good, to=0)
    stage.callee.hears()
    forged = session(fill=1).protect(rtp(2))
    stage.send(stage.caller, forged, rtp(3), to=0)

    assert stage.callee.hears_nothing()
    assert [data for _, data in stage.landed()] == [good, forged, rtp(3)]


@pytest.mark.parametrize("latch", [Latch.SIGNALLED, Latch.NAT])
def test_no_key_is_tried_on_what_comes_from_elsewhere(
    stage: Stage, latch: Latch, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Junk of any host that knows the port must not cost what a party's packets cost."""
    tried: list[bytes] = []
    opens = SrtpOpener.open

    def counted(self: SrtpOpener, packet: bytes) -> bytes | None:
        tried.append(packet)
        return opens(self, packet)

    monkeypatch.setattr(SrtpOpener, "open", counted)
    stage.tell(call(stage, {"keys": (line(),), "latch": latch}))
    stage.send(stage.caller, session().protect(rtp(1)), to=0)
    stranger = stage.party()
    stage.send(stranger, *[rtp(n, ssrc=n) for n in range(5)], to=0)
    stage.pass_time(1.0)

    assert len(tried) == 1
    told = [each for each in stage.says() if isinstance(each, Foreign)]
    assert [(each.place, each.packets) for each in told] == [(stranger.place, 5)]


def test_nobody_is_latched_by_what_is_not_proved(stage: Stage) -> None:
    """A stranger at the signalled address has no key."""
    stage.tell(call(stage, {"keys": (line(),)}))
    stage.send(stage.caller, rtp(1), to=0)

    assert stage.landed() == []


def test_a_successor_seals_under_the_next_index(stage: Stage) -> None:
    """A key stream used twice would tell both packets."""
    hears = session(fill=9, inbound=True)
    stage.tell(call(stage, None, {"own_key": line(fill=9)}))
    hearer(stage).voice.next_index = 65_534
    stage.send(stage.caller, rtp(1), rtp(2), rtp(3), to=0)
    found = [hears.unprotect(stage.callee.hears()) for _ in range(3)]
    stage.begin()
    stage.send(stage.caller, rtp(4), rtp(5, ssrc=8), to=0)
    found += [hears.unprotect(stage.callee.hears()) for _ in range(2)]

    assert [header(each)[2] for each in found] == [65_534, 65_535, 0, 1, 2]


def test_a_late_packet_is_sealed_once_in_the_place_that_was_left_for_it(stage: Stage) -> None:
    """Also one that the plain side repeats with other words in it (RFC 3711 §9.1)."""
    hears = session(fill=9, inbound=True)
    stage.tell(call(stage, None, {"own_key": line(fill=9)}))
    stage.send(stage.caller, rtp(1), rtp(4), rtp(3), rtp(3, b"other words"), rtp(4), to=0)
    found = [hears.unprotect(stage.callee.hears()) for _ in range(3)]

    assert [header(each)[2] for each in found] == [FIRST_SEQUENCE + n for n in (0, 3, 2)]
    assert stage.callee.hears_nothing()


def test_a_late_packet_of_another_source_has_no_place(stage: Stage) -> None:
    """Its number would be one under which the source before it was heard."""
    stage.tell(call(stage, None, {"own_key": line(fill=9)}))
    stage.send(stage.caller, rtp(1), rtp(2), rtp(11, ssrc=8), rtp(10, ssrc=8), to=0)
    for _ in range(3):
        stage.callee.hears()

    assert stage.callee.hears_nothing()


def test_a_successor_leaves_out_what_was_late_when_it_began(stage: Stage) -> None:
    """Which of the numbers before its own have been used it cannot know."""
    stage.tell(call(stage, None, {"own_key": line(fill=9)}))
    stage.send(stage.caller, rtp(1), rtp(4), to=0)
    stage.begin()
    stage.send(stage.caller, rtp(3), rtp(5), to=0)
    hears = session(fill=9, inbound=True)
    found = [hears.unprotect(stage.callee.hears()) for _ in range(3)]

    assert [header(each)[2] for each in found] == [FIRST_SEQUENCE + n for n in (0, 3, 4)]
    assert stage.callee.hears_nothing()


def test_a_late_packet_that_is_looked_at_is_sealed_once_as_well(stage: Stage) -> None:
    """A digit does not go the way of plain audio."""
    hears = session(fill=9, inbound=True)
    stage.tell(call(stage, {"event_types": (101,)}, {"own_key": line(fill=9)}))
    digit = rtp(2, b"\5\n\0\xa0", kind=101)
    stage.send(stage.caller, rtp(1), rtp(3), digit, digit, to=0)
    found = [hears.unprotect(stage.callee.hears()) for _ in range(3)]

    assert [header(each)[2] for each in found] == [FIRST_SEQUENCE + n for n in (0, 2, 1)]
    assert stage.callee.hears_nothing()


def test_a_packet_that_came_before_is_kept_and_not_heard_again(stage: Stage) -> None:
    """RFC 3711 §3.3.2."""
    stage.tell(call(stage, {"keys": (line(),)}))
    sends = session()
    first, second = sends.protect(rtp(1)), sends.protect(rtp(2))
    stage.send(stage.caller, first, second, second, first, to=0)
    heard = [header(stage.callee.hears())[2] for _ in range(2)]

    assert heard == [FIRST_SEQUENCE, FIRST_SEQUENCE + 1]
    assert stage.callee.hears_nothing()
    assert [data for _, data in stage.landed()] == [first, second, second, first]


def test_a_key_of_ours_that_is_of_no_use_sends_nothing(stage: Stage) -> None:
    """Rather nothing than in the clear."""
    stage.tell(call(stage, None, {"own_key": "1 nonsense"}))
    stage.send(stage.caller, rtp(1), to=0)

    assert stage.callee.hears_nothing()
    assert len(stage.landed()) == 1


# -- who joins late --------------------------------------------------------------------------------

LONG = 70_000


def talked_for_long(stage: Stage, own_key: str = "") -> None:
    """23 minutes: what the callee hears has gone once round its sequence numbers."""
    stage.tell(call(stage, None, {"own_key": own_key}))
    stage.send(stage.caller, rtp(0), to=0)
    to = hearer(stage)
    for _ in range(LONG):
        index = to.voice.next_index
        stage.relay.forwarder.transmit(to, rtp(index), index, 0, stage.now_s)
    assert to.voice.next_index > LONG


def joins(stage: Stage, **changes: object) -> Party:
    """Somebody with a key of his own in the callee's place."""
    newcomer = stage.party()
    keyed = {"own_key": line(fill=9), "places": (newcomer.place,)}
    stage.tell(call(stage, None, keyed | changes))
    return newcomer


@pytest.mark.parametrize("former", ["", line(fill=5)])
def test_who_is_keyed_late_opens_the_first_packet_that_he_gets(stage: Stage, former: str) -> None:
    """He takes the rollover counter for 0, as RFC 3711 section 3.3.1 has it."""
    talked_for_long(stage, former)
    newcomer, peer = joins(stage), session(fill=9, inbound=True)
    stage.send(stage.caller, rtp(60_001), rtp(60_002), to=0)
    found = [header(peer.unprotect(newcomer.hears())) for _ in range(2)]

    assert [each[2] for each in found] == [0, 1]
    assert {each[4] for each in found} == {SSRC_TO_CALLEE}


def test_he_hears_on_over_rollovers_of_his_own(stage: Stage) -> None:
    """70,000 packets after he came."""
    talked_for_long(stage)
    newcomer, peer = joins(stage), session(fill=9, inbound=True)
    stage.send(stage.caller, rtp(1), to=0)
    peer.unprotect(newcomer.hears())
    to = hearer(stage)
    for _ in range(LONG):
        index = to.voice.next_index
        stage.relay.forwarder.transmit(to, rtp(index, ssrc=SSRC_TO_CALLEE), index, 0, stage.now_s)
        peer.unprotect(newcomer.hears())


def test_a_key_that_is_away_for_a_while_goes_on_where_it_was(stage: Stage) -> None:
    """A hold without media: neither does an index come twice, nor does he lose count."""
    talked_for_long(stage)
    newcomer, peer = joins(stage), session(fill=9, inbound=True)
    stage.send(stage.caller, rtp(1), to=0)
    peer.unprotect(newcomer.hears())
    places = (newcomer.place,)
    stage.tell(call(stage, None, {"own_key": "", "places": places, "hears": False}))
    stage.tell(call(stage, None, {"own_key": line(fill=9), "places": places}))
    stage.send(stage.caller, rtp(2), to=0)

    assert header(peer.unprotect(newcomer.hears()))[2] == 1


def test_a_successor_counts_from_where_the_newcomer_does(stage: Stage) -> None:
    """It finds the key, and since when it counts."""
    talked_for_long(stage)
    newcomer, peer = joins(stage), session(fill=9, inbound=True)
    stage.send(stage.caller, rtp(1), to=0)
    peer.unprotect(newcomer.hears())
    stage.begin()
    stage.send(stage.caller, rtp(2), to=0)

    assert header(peer.unprotect(newcomer.hears()))[2] == 1


def test_a_successor_before_the_first_packet_counts_from_there_too(stage: Stage) -> None:
    """Killed between the order and what follows."""
    talked_for_long(stage)
    newcomer, peer = joins(stage), session(fill=9, inbound=True)
    stage.table.next_index[1] = LONG + 1_001
    stage.begin()
    stage.send(stage.caller, rtp(1), to=0)

    assert header(peer.unprotect(newcomer.hears()))[2] == 0


def test_what_is_being_played_goes_on_when_the_key_changes(stage: Stage) -> None:
    """Packet for packet; none is left out or said twice."""
    stage.prompt("notice", 3)
    talked_for_long(stage)
    playing = {"playing": order()}
    stage.tell(call(stage, None, playing))
    newcomer, peer = joins(stage, **playing), session(fill=9, inbound=True)
    stage.pass_time(0.02)
    stage.pass_time(0.02)
    found = [peer.unprotect(newcomer.hears()) for _ in range(2)]

    assert [(header(each)[2], each[12]) for each in found] == [(0, 1), (1, 2)]
    assert hearer(stage).play is None


def test_a_secret_is_the_same_under_another_tag_or_suite() -> None:
    """Suites that take the same secret share session keys (RFC 3711 section 4.3)."""
    short = line("AES_CM_128_HMAC_SHA1_32")

    assert secret_of(line()) == secret_of(short) == secret_of("2" + line("AEAD_AES_256_GCM")[1:])
    assert secret_of(line()) != secret_of(line(fill=8))
