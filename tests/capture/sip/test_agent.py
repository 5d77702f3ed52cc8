"""What we say about ourselves."""

from capture.sip.agent import ALLOW, Agent, allowing
from tests.capture.sip.scenes import UDP

AGENT = Agent(node=b"n7", tokens=lambda: b"fresh", options=frozenset({b"timer", b"siprec"}))


def test_tags_and_contact_name_the_node() -> None:
    """A balancer can send an in-dialog request to the node that holds its dialog."""
    assert AGENT.new_tag() == b"n7-fresh"
    assert AGENT.contact(UDP, b";+sip.srs") == b"<sip:n7@192.0.2.9:5060>;+sip.srs"


def test_branches_carry_the_cookie() -> None:
    """RFC 3261 §8.1.1.7."""
    assert AGENT.new_branch() == b"z9hG4bKfresh"


def test_abilities_name_methods_and_options() -> None:
    """RFC 3261 §13.3.1.4; some options are those of the layer itself."""
    assert [name for name, _ in AGENT.abilities] == [b"Allow", b"Supported"]
    assert AGENT.abilities[1][1] == b"siprec, timer"
    assert Agent(node=b"n", tokens=lambda: b"t").abilities[1][1] == b"100rel, timer"


def test_a_layer_above_that_serves_more_says_so_in_place_of_the_usual() -> None:
    """An inline call takes REFER, a recording session does not; both are of one agent."""
    more = allowing(b"REFER", b"NOTIFY")

    assert more == (b"Allow", ALLOW[1] + b", REFER, NOTIFY")
    assert [name for name, _ in AGENT.abilities_beside((more,))] == [b"Supported"]
    assert AGENT.abilities_beside(()) == AGENT.abilities
