"""Nobody waits for ever for a relay that does not speak of a notice."""

from dataclasses import replace

import msgspec

from archive.call.events import Flagged
from capture.inline.notices.notice_timeouts import LONGEST_PROMPT_MS, RELAY_GRACE_US
from capture.inline.state.prompt_stock import PromptStock
from tests.capture.inline.stage import FILES, NOTICE, ROUTE, Stage

LENGTH_S, GRACE_S = 4, RELAY_GRACE_US / 1e6
SAID = msgspec.structs.replace(NOTICE, whole_ms=LENGTH_S * 1_000)


def silent(stage: Stage, without_notice: str, said: object = SAID) -> Stage:
    """A call whose notice was ordered, of a prompt of so many seconds."""
    made = Stage(reloaded=stage.reloaded, routes=(replace(ROUTE, without_notice=without_notice),))
    made.switch = replace(made.switch, stock=PromptStock(FILES, {"notice": said}))  # type: ignore[dict-item]  # it is a wording
    made.exchange.renew(made.switch)
    return made.answered()


def test_a_notice_of_which_no_relay_speaks_was_not_played(stage: Stage) -> None:
    """Ten seconds behind its end: here nobody may talk without it."""
    stage = silent(stage, "block")
    begun_s = stage.now_s
    stage.until(begun_s + LENGTH_S + GRACE_S).then()
    stage.until(begun_s + LENGTH_S + GRACE_S + 0.5).then("b: BYE", "a: BYE")

    assert stage.request_to_b(b"BYE").value(b"reason").startswith(b"SIP;cause=480")


def test_where_the_route_joins_them_all_the_same_it_is_flagged(stage: Stage) -> None:
    """The relay may be there again by then."""
    stage = silent(stage, "connect-and-flag")
    stage.until(stage.now_s + LENGTH_S + GRACE_S + 0.5)

    assert stage.relay_call().is_joined
    assert [each.flag for each in stage.events(Flagged)] == ["notice_missing"]


def test_of_a_prompt_whose_length_nobody_knows_the_longest_is_waited_for(stage: Stage) -> None:
    """A predecessor of ours did not write it down."""
    stage = silent(stage, "block", NOTICE)
    begun_s = stage.now_s
    stage.until(begun_s + LENGTH_S + GRACE_S + 0.5).then()
    stage.until(begun_s + LONGEST_PROMPT_MS / 1e3 + GRACE_S + 0.5)

    assert stage.request_to_b(b"BYE")


def test_a_notice_that_is_played_again_is_waited_for_anew(stage: Stage) -> None:
    """Each order counts from its own moment."""
    stage = silent(stage, "block")
    stage.until(stage.now_s + LENGTH_S)
    stage.played()

    stage.until(stage.now_s + LENGTH_S + GRACE_S + 1).then()
