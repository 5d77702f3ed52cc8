"""The relay's word on a notice joins the recording."""

import dataclasses

import msgspec
import pytest

from archive.call.events import NoticePlayed
from capture.inline.recordings.notice_evidence import unproved
from capture.inline.state.call_events import KeyPressed
from capture.inline.state.prompt_stock import PromptStock, PromptWording
from capture.links.relay_messages import Outcome, Side
from tests.capture.inline.stage import FILES, Stage


@pytest.mark.parametrize("outcome", [Outcome.COMPLETE, Outcome.FAILED])
def test_what_became_of_a_notice_is_an_event_with_its_wording(
    stage: Stage, outcome: Outcome
) -> None:
    """As the relay says it."""
    stage.answered().played(outcome)
    (notice,) = stage.events(NoticePlayed)

    assert (notice.to, notice.outcome, notice.prompt) == ("caller", outcome.value, "notice")
    assert notice.wording_sha256 == "ab" * 32


def test_a_reload_while_a_notice_is_played_changes_nothing_of_what_it_said(stage: Stage) -> None:
    """The relay goes on with the file that it began; another one is for calls that come."""
    stage.answered()
    replaced = PromptStock(
        FILES, {"notice": PromptWording(prompt="notice", language="en", sha256="cd" * 32)}
    )
    stage.switch = dataclasses.replace(stage.switch, stock=replaced)
    stage.exchange.renew(stage.switch)
    stage.played()
    (notice,) = stage.events(NoticePlayed)

    assert (notice.language, notice.wording_sha256) == ("ja", "ab" * 32)


def test_the_word_on_another_order_proves_nothing(stage: Stage) -> None:
    """It came too late for what it speaks of."""
    stage.answered()
    (bridged,) = stage.inline.calls
    end = bridged.call.caller
    assert end.plays is not None
    former = msgspec.structs.replace(end.plays, serial=end.plays.serial + 7)
    other = msgspec.structs.replace(end, plays=former)
    stage.inline.calls.keep(msgspec.structs.replace(bridged, call=bridged.call.with_end(other)))
    told = stage.relay_call()
    stage.played()

    assert told.ends[Side.CALLER].playing == end.plays
    assert stage.events(NoticePlayed) == []


def test_who_hears_a_notice_is_without_proof_until_the_relay_speaks_of_it() -> None:
    """Nobody else is."""
    stage = Stage().answered()
    (bridged,) = stage.inline.calls

    assert [each.side for each in unproved(bridged.call, KeyPressed(Side.CALLER, "1"))] == [
        Side.CALLER
    ]
    stage.played()
    (bridged,) = stage.inline.calls
    assert unproved(bridged.call, KeyPressed(Side.CALLER, "1")) == ()
