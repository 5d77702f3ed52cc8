"""What is sent once more, and what is given up, as time goes by."""

from tests.capture.sip.scenes import Scene, in_dialog, peer_request

INVITE = peer_request(b"INVITE")
# fmt: off


def test_an_invite_that_waits_gets_a_100_after_200_ms(scene: Scene) -> None:
    """RFC 3261 §17.2.1: otherwise the peer keeps on retransmitting."""
    (
        scene
        .peer(INVITE).then("InviteReceived")
        .until(0.19).then()
        .until(0.2).then("100 INVITE")
        .peer(INVITE).then("100 INVITE")
        .until(9.0).then()
        .answer(200).then("200 INVITE")
    )


def test_a_200_is_repeated_until_its_ack(scene: Scene) -> None:
    """RFC 3261 §13.3.1.4: at 0.5, 1.5, 3.5 and then every 4 s, also the same bytes."""
    scene.peer(INVITE).answer(200)
    first = scene.sent()

    scene.until(12.0).then("200 INVITE", "200 INVITE", "200 INVITE", "200 INVITE", "200 INVITE")
    assert [at_s for at_s, _ in scene.log[2:]] == [0.5, 1.5, 3.5, 7.5, 11.5]
    assert scene.sent() == first
    scene.peer(in_dialog(scene, b"ACK", 1)).then("AckReceived").until(100.0).then()


def test_a_lost_ack_is_told_after_32_s_and_the_dialog_stays(scene: Scene) -> None:
    """Media may flow all the same: whether to hang up is for the layer above to say."""
    scene.peer(INVITE).answer(200).until(31.9)

    scene.until(32.0).then("AckMissing")
    assert scene.core.has_dialog(scene.dialog)
    scene.until(99.0).then().peer(in_dialog(scene, b"BYE", 2)).then("200 BYE", "ByeReceived")


def test_a_200_is_repeated_on_tcp_too(scene_on_tcp: Scene) -> None:
    """The last hop may be reliable while one before it is not (RFC 3261 §13.3.1.4)."""
    scene_on_tcp.peer(INVITE).answer(200).until(0.5).then("200 INVITE")


def test_a_refusal_is_repeated_until_its_ack_and_the_ack_is_swallowed(scene: Scene) -> None:
    """RFC 3261 §17.2.1, timers G, H and I."""
    (
        scene
        .peer(INVITE).answer(486).then("486 INVITE")
        .until(0.5).then("486 INVITE")
        .peer(INVITE).then("486 INVITE")
        .peer(peer_request(b"ACK", to_tag=b"n1-t1")).then()
        .peer(INVITE).then()
        .until(40.0).then()
    )
    assert not scene.kept


def test_a_refusal_on_tcp_is_sent_once(scene_on_tcp: Scene) -> None:
    """Timer G is for unreliable transports; timer H still ends what is never acknowledged."""
    scene_on_tcp.peer(INVITE).answer(503).then("503 INVITE").until(40.0).then()
    assert not scene_on_tcp.kept


def test_nobody_answers_options_for_long_and_a_100_goes_out_late(scene: Scene) -> None:
    """RFC 4320 §4.1: not before timer E has reached T2; and never a 408 (§4.2)."""
    (
        scene
        .peer(peer_request(b"OPTIONS"))
        .until(3.4).then()
        .until(3.5).then("100 OPTIONS")
        .until(60.0).then()
    )
    assert not scene.kept
