"""SRTP at a worker: samples proved, reports opened and sealed; what is written stays as it came."""

from archive.srtp.decryption import Opener
from archive.srtp.directions import Direction
from archive.srtp.keys import MasterKey, parse_crypto
from archive.srtp.srtcp import seal_report
from capture.links.recorder_messages import StreamWanted
from capture.media.live import DOUBTS_TOLD, SWEEPS_OF_REST, StreamSrtp
from tests.archive.srtp.sender import secure
from tests.capture.media import scene
from tests.capture.media.scene import Node, record, recording_id, rtp
from tests.support.media.reports import due_at, send
from tests.support.reading.keyring import crypto

OURS = crypto(9)
REPORT = bytes.fromhex("80c90001deadbeef")


def key_of(line: str) -> MasterKey:
    return parse_crypto(line).keys[0]


def wanted(*keys: str, own: str = OURS) -> StreamWanted:
    return StreamWanted(stream=0, pair=0, clock_hz=8000, keys=keys, own_key=own, key_us=1_000)


def test_samples_must_fail_in_a_row_to_be_told() -> None:
    """A key that has just changed is used before we know it; that is over in a moment."""
    secrecy = StreamSrtp(wanted(crypto(1)))
    bad, good = secure(rtp(1), key_of(crypto(2))), secure(rtp(1), key_of(crypto(1)))
    told = [secrecy.sample(bad) for _ in range(DOUBTS_TOLD - 1)]
    told += [secrecy.sample(good)]
    told += [secrecy.sample(bad) for _ in range(DOUBTS_TOLD)]

    assert told == [False] * (2 * DOUBTS_TOLD - 1) + [True]
    assert not secrecy.sample(bad)


def test_a_proved_stream_rests_and_a_doubtful_one_is_tried_in_every_sweep() -> None:
    """What is right is tried now and then, what is wrong until it is told."""
    secrecy = StreamSrtp(wanted(crypto(1)))
    assert [secrecy.take_turn() for _ in range(3)] == [True] * 3
    secrecy.sample(secure(rtp(1), key_of(crypto(1))))
    rested = [secrecy.take_turn() for _ in range(SWEEPS_OF_REST + 2)]
    secrecy.sample(secure(rtp(2), key_of(crypto(2))))

    assert rested == [False] * SWEEPS_OF_REST + [True, True]
    assert [secrecy.take_turn() for _ in range(3)] == [True] * 3


def test_a_key_that_is_told_ends_the_rest() -> None:
    """It is tried with the next packet."""
    secrecy = StreamSrtp(wanted(crypto(1)))
    secrecy.sample(secure(rtp(1), key_of(crypto(1))))
    assert not secrecy.take_turn()
    secrecy.learn(wanted(crypto(1), crypto(2)))

    assert secrecy.take_turn()


def test_a_new_key_is_learned() -> None:
    """And the old one is not forgotten."""
    secrecy = StreamSrtp(wanted(crypto(1)))
    secrecy.learn(wanted(crypto(1), crypto(2)))
    for seed in (1, 2):
        sealed = seal_report(Direction.derived(key_of(crypto(seed))), REPORT, 1)
        assert secrecy.open_report(sealed) == REPORT
    assert secrecy.open_report(REPORT) == b""


def test_a_report_of_ours_is_sealed_under_an_index_of_its_own() -> None:
    """Also by a successor, who knows nothing of those before: time is the index."""
    sealed = StreamSrtp(wanted(crypto(1))).seal_report(REPORT, 6_000)
    again = StreamSrtp(wanted(crypto(1))).seal_report(REPORT, 5_000_000)
    assert sealed is not None
    assert again is not None

    assert Opener([key_of(OURS)]).open_rtcp(sealed) == REPORT
    assert [int.from_bytes(each[8:12], "big") & 0x7FFFFFFF for each in (sealed, again)] == [5, 4999]


def test_a_report_is_not_sent_where_no_key_of_ours_is_known() -> None:
    """In the clear it would be thrown away, and tell who listens."""
    assert StreamSrtp(wanted(crypto(1), own="")).seal_report(REPORT, 6_000) is None
    assert StreamSrtp(wanted(crypto(1))).seal_report(REPORT, 500) is None


def test_a_worker_writes_srtp_as_it_came_and_tells_of_forgeries(node: Node) -> None:
    """Evidence is the datagram; the doubt is told once, at most a rest later."""
    recording, ingest = recording_id(), node.ingest()
    node.listen(0)
    ingest.roster.record(record(recording, 0, keys=(crypto(1),), own_key=OURS))
    sent = [secure(rtp(number), key_of(crypto(1))) for number in range(3)]
    last = 3 + SWEEPS_OF_REST + DOUBTS_TOLD
    forged = [secure(rtp(number), key_of(crypto(3))) for number in range(3, last)]
    doubts = []
    for datagram in (*sent, *forged):
        node.send(0, datagram)
        ingest.sweep()
        doubts.append(len(ingest.sweeper.take_unproved()))

    first = 1 + SWEEPS_OF_REST + DOUBTS_TOLD  # of which one was sampled: it was right
    assert doubts == [int(sweep == first) for sweep in range(1, last + 1)]
    assert [each.data for each in node.heard()] == [*sent, *forged]


def test_masked_digits_are_no_sample(node: Node) -> None:
    """A digit's tag is overwritten with it."""
    recording, ingest = recording_id(), node.ingest()
    node.listen(0)
    ingest.roster.record(record(recording, 0, keys=(crypto(1),), own_key=OURS, masked_types=(101,)))
    for number in range(DOUBTS_TOLD):
        node.send(0, rtp(number, kind=101))
        ingest.sweep()

    assert ingest.sweeper.take_unproved() == []


def test_reports_go_out_sealed_and_repeat_the_senders_time(node: Node) -> None:
    """The peer's sender report is opened with its key, ours is sealed with ours."""
    peer = node.sender(0, rtcp=True)
    recording, ingest = recording_id(), node.ingest()
    node.listen(0)
    port = peer.getsockname()[1]
    ingest.roster.record(
        record(recording, 0, rtcp_to=scene.LOOPBACK, rtcp_port=port,
               keys=(crypto(1),), own_key=OURS, key_us=scene.wall_us() - 5_000_000)
    )  # fmt: skip
    report = bytes.fromhex("80c80006") + (9).to_bytes(4, "big") + bytes(range(1, 9)) + bytes(12)
    peer.send(seal_report(Direction.derived(key_of(crypto(1))), report, 1))
    node.send(0, secure(rtp(1, ssrc=77), key_of(crypto(1))))
    ingest.sweep()
    send(ingest, due_at(ingest, recording))
    assert scene.readable(peer)
    opened = Opener([key_of(OURS)]).open_rtcp(peer.recv(2000))

    assert int.from_bytes(opened[8:12], "big") == 77
    assert opened[24:28] == bytes(range(3, 7))
