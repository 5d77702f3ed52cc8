"""Targets between calls: asked, registered with, passed over while they are silent."""

import dataclasses
from collections.abc import Iterable

from capture.inline.routing.route import Route, Target
from capture.inline.target_monitor import SILENT_S
from capture.recording.outputs import Find, Output
from capture.sip.events import SendMessage
from capture.sip.flow import Address
from capture.sip.message import Request
from capture.sip.parser import split_message
from tests.capture.inline.stage import PBX, ROUTE, Stage
from tests.support.capture.registrations import are_registered

SECOND = Target(name="other", uri="sip:192.0.2.31", check_s=0)
WORD = "secret"
PINGED = dataclasses.replace(PBX, check_s=30)
TRUNK = dataclasses.replace(
    PBX, check_s=0, register=True, user="0355501234", password=WORD, register_expires_s=600
)
CHALLENGE = b'Digest realm="t", nonce="n", qop="auth", algorithm=MD5'


def requests(outputs: Iterable[Output]) -> list[Request]:
    found = (split_message(each.data) for each in outputs if isinstance(each, SendMessage))
    return [each for each in found if isinstance(each, Request)]


class Node(Stage):
    """A stage whose targets live with the clock."""

    def tick(self, at_s: float) -> list[Request]:
        """The clock goes on; what was asked of targets."""
        self.until(at_s)
        outputs = self.dispatch.tick(self.now)
        self.log += outputs
        return requests(outputs)


def twofold(target: Target, transport: str = "udp") -> Node:
    """A node whose target is known by name, and that name leads to two hops."""
    node = Node(targets=(target,))
    node.tick(0.5)
    find = next(each for each in node.log if isinstance(each, Find))
    places = [(transport, Address(host, 5060)) for host in ("192.0.2.30", "192.0.2.31")]
    node.dispatch.found(find, places, node.now)
    return node


def hosts(node: Node) -> list[str]:
    """Where requests went, without their repetitions."""
    sent = [each for each in node.log if isinstance(each, SendMessage)]
    return list({each.data: each.flow.remote.host for each in sent}.values())


def test_a_target_is_asked_every_so_often() -> None:
    """OPTIONS, as its setting says."""
    node = Node(targets=(PINGED,))

    assert [each.method for each in node.tick(1.0)] == [b"OPTIONS"]
    node.b(200)
    assert node.tick(20.0) == []
    assert [each.method for each in node.tick(31.5)] == [b"OPTIONS"]
    assert Node(targets=(dataclasses.replace(PBX, check_s=0),)).tick(1.0) == []


def test_a_target_that_is_silent_is_tried_behind_the_others_until_it_answers() -> None:
    """A call does not have to find out that it is dead."""
    both = (dataclasses.replace(ROUTE, to=("pbx", "other")),)
    node = Node(routes=both, targets=(PINGED, SECOND))
    node.tick(1.0)
    node.tick(1.0 + SILENT_S + 0.1)
    node.calls()
    assert node.request_to_b().uri.endswith(b"@192.0.2.31")

    (asked,) = node.tick(31.5)
    node.b_answers(asked, 200)
    node.tick(32.0)
    assert node.dispatch.targets.down == frozenset()


def test_who_says_that_he_is_full_is_passed_over_too() -> None:
    """503 to OPTIONS is what an INVITE would be told; 404 is an answer like any."""
    for status, down in ((503, {"pbx"}), (404, set()), (200, set())):
        node = Node(targets=(PINGED,))
        node.tick(1.0)
        node.b(status)
        assert node.dispatch.targets.down == down


def test_where_all_are_down_they_are_tried_all_the_same() -> None:
    """A question may be lost where a call would not be."""
    node = Node(targets=(PINGED,))
    node.tick(1.0)
    node.tick(5.0)

    node.calls().then("b: INVITE")


def test_a_trunk_is_registered_and_kept_so() -> None:
    """With its challenge answered, and anew before it runs out."""
    node = Node(targets=(TRUNK,))
    (first,) = node.tick(1.0)
    assert (first.method, first.uri) == (b"REGISTER", b"sip:192.0.2.30")
    assert first.value(b"contact") == b"<sip:0355501234@192.0.2.9:5060>"
    node.b_answers(first, 401, (b"WWW-Authenticate", CHALLENGE))
    again = node.request_to_b(b"REGISTER")
    assert again.value(b"authorization") is not None
    node.b_answers(again, 200, (b"Expires", b"100"))

    assert are_registered(node.dispatch.targets) == {"pbx": True}
    assert node.tick(80.0) == []
    assert [each.method for each in node.tick(92.0)] == [b"REGISTER"]


def test_targets_come_and_go_with_the_configuration() -> None:
    """A reload is followed at the next tick."""
    node = Node(targets=(PINGED,))
    node.tick(1.0)
    moved = dataclasses.replace(PINGED, uri="sip:192.0.2.40")
    node.exchange.switch = dataclasses.replace(node.switch, targets={"pbx": moved})
    (asked,) = node.tick(2.0)
    assert asked.uri == b"sip:192.0.2.40"

    node.exchange.switch = dataclasses.replace(node.switch, targets={})
    assert node.tick(60.0) == []
    assert not node.dispatch.may_speak("192.0.2.40")


def test_a_target_is_down_only_where_none_of_its_hops_answers() -> None:
    """RFC 3263 section 4.3: silence and 503 lead to the next one."""
    node = twofold(dataclasses.replace(PINGED, uri="sip:pbx.example"))
    node.tick(1.0)
    (second,) = node.tick(1.0 + SILENT_S + 0.1)
    assert hosts(node)[-2:] == ["192.0.2.30", "192.0.2.31"]
    assert node.dispatch.targets.down == frozenset()
    node.b_answers(second, 200)
    assert node.tick(20.0) == []
    assert node.dispatch.targets.down == frozenset()

    (first,) = node.tick(32.0)
    second = node.b_answers(first, 503).request_to_b(b"OPTIONS")
    assert hosts(node)[-2:] == ["192.0.2.30", "192.0.2.31"]
    node.b_answers(second, 503)
    assert node.dispatch.targets.down == {"pbx"}


def test_a_hop_without_a_connection_leads_to_the_next_one_at_once() -> None:
    """Nobody waits for a timer of what was refused."""
    node = twofold(dataclasses.replace(PINGED, uri="sip:pbx.example"), "tcp")
    node.tick(1.0)
    node.away()

    assert hosts(node) == ["192.0.2.30", "192.0.2.31"]
    node.away()
    assert node.dispatch.targets.down == {"pbx"}


def test_a_late_answer_of_an_earlier_hop_is_a_sign_of_life() -> None:
    """And a late refusal is nothing: the next one has been asked."""
    for status, down in ((503, {"pbx"}), (200, set())):
        node = twofold(dataclasses.replace(PINGED, uri="sip:pbx.example"))
        (first,) = node.tick(1.0)
        node.tick(1.0 + SILENT_S + 0.1)
        node.b_answers(first, status)
        node.tick(2.0 + 2 * SILENT_S)
        assert hosts(node) == ["192.0.2.30", "192.0.2.31"]
        assert node.dispatch.targets.down == down


def test_a_registrar_that_is_away_is_passed_over_for_its_next_hop() -> None:
    """RFC 3263 section 4.3; with the same Call-ID, and anew by the one that took it."""
    node = twofold(dataclasses.replace(TRUNK, uri="sip:pbx.example"))
    (first,) = node.tick(1.0)
    second = node.b_answers(first, 503).request_to_b(b"REGISTER")
    assert hosts(node) == ["192.0.2.30", "192.0.2.31"]
    assert second.call_id == first.call_id
    assert second.cseq.number == first.cseq.number + 1
    node.b_answers(second, 200, (b"Expires", b"100"))
    node.tick(92.0)

    assert hosts(node)[-1] == "192.0.2.31"


def test_a_registrar_that_is_away_altogether_is_tried_again_later() -> None:
    """From its best hop on."""
    node = twofold(dataclasses.replace(TRUNK, uri="sip:pbx.example"))
    node.tick(1.0)
    node.until(70.0)
    assert hosts(node).count("192.0.2.31") == hosts(node).count("192.0.2.30") > 0
    before = len(hosts(node))
    assert [each.method for each in node.tick(100.0)] == [b"REGISTER"]

    assert hosts(node)[before] == "192.0.2.30"


def registered() -> Node:
    """A trunk that has taken us."""
    node = Node(targets=(TRUNK,))
    (first,) = node.tick(1.0)
    node.b_answers(first, 200, (b"Expires", b"600"))
    return node


def farewells(asked: Iterable[Request]) -> list[bytes | None]:
    return [each.value(b"expires") for each in asked if each.method == b"REGISTER"]


def test_a_target_that_goes_is_told_that_we_are_not_there_any_more() -> None:
    """RFC 3261 section 10.2.2: Expires 0, and its challenge is answered."""
    node = registered()
    node.exchange.switch = dataclasses.replace(node.switch, targets={})
    (bye,) = node.tick(2.0)
    assert farewells([bye]) == [b"0"]
    assert node.dispatch.may_speak("192.0.2.30")
    node.b_answers(bye, 401, (b"WWW-Authenticate", CHALLENGE))
    again = node.request_to_b(b"REGISTER")
    assert again.value(b"authorization") is not None
    assert node.dispatch.is_leaving
    node.b_answers(again, 200)

    assert not node.dispatch.is_leaving
    assert not node.dispatch.may_speak("192.0.2.30")


def test_a_target_that_registers_somebody_else_lets_the_former_one_go() -> None:
    """Both are said: the old binding away, the new one there."""
    node = registered()
    other = dataclasses.replace(TRUNK, user="0355505678")
    node.exchange.switch = dataclasses.replace(node.switch, targets={"pbx": other})

    asked = node.tick(2.0)
    assert farewells(asked) == [b"0", b"600"]
    assert len({each.call_id for each in asked}) == 2


def test_another_setting_leaves_a_binding_as_it_is() -> None:
    """A REGISTER that takes it away would race the one that makes it."""
    node = registered()
    other = dataclasses.replace(TRUNK, password=WORD * 2, trusted=False)
    node.exchange.switch = dataclasses.replace(node.switch, targets={"pbx": other})

    assert node.tick(2.0) == []
    assert are_registered(node.dispatch.targets) == {"pbx": True}
    assert farewells(node.tick(545.0)) == [b"600"]


def test_a_node_that_stops_takes_its_bindings_away() -> None:
    """Calls go elsewhere at once; where there was no binding there is nothing to say."""
    node = registered()
    outputs = node.dispatch.end_all("node_stopped", node.now)
    node.log += outputs
    (bye,) = requests(outputs)
    assert (farewells([bye]), node.dispatch.is_leaving) == ([b"0"], True)
    node.b_answers(bye, 200)
    assert not node.dispatch.is_leaving

    assert Node(targets=(TRUNK,)).dispatch.end_all("node_stopped", node.now) == []


def test_the_name_for_digest_may_be_another_than_the_number() -> None:
    """Carriers give both: who is registered, and by what it is proved."""
    node = Node(targets=(dataclasses.replace(TRUNK, auth_user="a-17"),))
    (first,) = node.tick(1.0)
    node.b_answers(first, 401, (b"WWW-Authenticate", CHALLENGE))
    again = node.request_to_b(b"REGISTER")

    assert b'username="a-17"' in (again.value(b"authorization") or b"")
    assert again.from_address.uri == b"sip:0355501234@192.0.2.30"


def test_a_name_is_looked_up_and_one_that_nobody_knows_is_silent() -> None:
    """And looked up again now and then."""
    named = dataclasses.replace(PINGED, uri="sip:pbx.example")
    node = Node(targets=(named,))
    assert node.tick(1.0) == []
    find = next(each for each in node.log if isinstance(each, Find))
    node.dispatch.found(find, [], node.now)
    node.tick(2.0)
    assert node.dispatch.targets.down == {"pbx"}
    again = [each for each in node.log if isinstance(each, Find)][-1]
    node.dispatch.found(again, [("udp", Address("192.0.2.30", 5060))], node.now)
    assert [each.method for each in node.tick(3.0)] == [b"OPTIONS"]


def test_who_is_asked_may_answer_although_he_is_no_source() -> None:
    """Strangers get no byte, targets do."""
    node = Node(targets=(PINGED,))
    assert not node.dispatch.may_speak("192.0.2.30")
    node.tick(1.0)

    assert node.dispatch.may_speak("192.0.2.30")
    assert isinstance(ROUTE, Route)
