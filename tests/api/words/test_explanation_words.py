"""Until when it is kept, as people read it."""

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from api.words.explanation_words import Explanation, explain
from archive.lifecycle.recording_values import RetainedRecording
from retention.decisions.decision import Hold, Standing
from retention.decisions.recording_judgement import judge_all
from retention.policies.policy import Calendars
from retention.rules.conditions import AttributeKind
from retention.rules.match import Match
from retention.rules.rule import Rank, RetentionRule
from rokuon.messages.i18n import words_in
from tests.api.retained import retained, revision
from tests.retention.examples import WHOLE, rule
from tests.support.retention.judgement import NOW

ABOVE = "A legal hold, a freeze or an erasure comes before all rules."
LAW = rule("law", rank=Rank.LAW, at_least="P10Y")
BY_CONTRACT = rule("contract", at_least="P1Y", begins="contract_end")


def told(
    *rules: RetentionRule, found: RetainedRecording | None = None, language: str = "en"
) -> Explanation:
    """Of the audio of one recording whose call ended on 1 April 2026."""
    by = (revision(7, *rules),) if rules else ()
    (judgement,) = judge_all([found or retained(tag="contract:k-1")], by, NOW, {})
    return explain(judgement, judgement.audio, words_in, language)


@pytest.mark.parametrize(
    ("rules", "kept"),
    [
        (
            (rule("a", after="P1Y"),),
            "It is kept until the end of 2027-04-01 (Asia/Tokyo), then it goes.",
        ),
        (
            (rule("a", after="P1Y"), LAW),
            "It is kept until the end of 2027-04-01 (Asia/Tokyo), then until the end of 2036-04-01"
            " (Asia/Tokyo) for these purposes alone: legal_duty.",
        ),
        (
            (rule("a", after="P1Y"), BY_CONTRACT),
            "It is kept until the end of 2027-04-01 (Asia/Tokyo), then for these purposes alone:"
            " legal_duty.",
        ),
        ((rule("a", at_least="P1Y"),), "It is kept; nothing says on which day it goes."),
        (
            (rule("a", after="P1D"), LAW),
            "It is kept until the end of 2036-04-01 (Asia/Tokyo) for these purposes alone:"
            " legal_duty.",
        ),
        (
            (rule("a", after="P1D"), BY_CONTRACT),
            "It is kept for these purposes alone: legal_duty; nothing says until when.",
        ),
        ((rule("a", after="P1D"),), "It must go: it is due."),
    ],
)  # fmt: skip
def test_until_when_it_is_kept_is_the_last_day(rules: tuple[RetentionRule, ...], kept: str) -> None:
    """A day on which it is gone must not read as one on which it is there."""
    english, japanese = told(*rules), told(*rules, language="ja")

    assert english.kept == kept
    assert japanese.kept.endswith("。")
    assert japanese.kept != kept


def test_what_a_hold_keeps_past_its_maximum_is_restricted_and_says_so() -> None:
    """Who has the key of the hold's matter only sees that it is there, not that it is usable."""
    (judgement,) = judge_all(
        [retained()],
        (revision(7, rule("a", after="P1D"), LAW),),
        NOW,
        {retained().recording: Standing(holds=(Hold("3", "M-1"),))},
    )
    english, japanese = (
        explain(judgement, judgement.audio, words_in, language).because for language in ("en", "ja")
    )

    assert english == (
        "It is held by matter M-1: legal hold 3.",
        "Its maximum was over with the end of 2026-04-02 (Asia/Tokyo): it is for these purposes"
        " alone: legal_duty.",
    )
    assert japanese[1].endswith("legal_duty。")


def test_the_revision_that_judges_it_is_named() -> None:
    """Who asks again after a change must see that it is another one."""
    assert told(LAW).revision == "Revision 7 of the policy judges it."
    assert told().revision == "The policy as shipped judges it: no other revision is for it."


def test_the_policy_as_shipped_says_why_it_keeps() -> None:
    """The first answer that anybody reads."""
    answer = told()

    assert answer.kept == "It is kept; nothing says on which day it goes."
    assert answer.because == ("By rule default it never has to go.",)
    assert answer.changes == ("It goes when a revision that is for it says when.", ABOVE)


def test_what_is_not_known_is_told_of_each_rule_and_what_changes_it_once() -> None:
    """Two rules that wait for the same are one thing to wait for."""
    found = retained(ended_us=None)
    answer = told(rule("a", after="P1Y"), rule("b", at_least="P1Y"), found=found)

    assert len(answer.because) == 2
    assert answer.changes == (
        "It is judged anew when the call has ended and all of its parts are archived.",
        ABOVE,
    )


def test_all_that_can_change_its_day_is_named() -> None:
    """A tag that is corrected, an end that is told anew, a recording that joins: no revision."""
    tagged = Match(
        {AttributeKind.TAG: frozenset({"loan"})}, {AttributeKind.QUEUE: frozenset({"spam"})}
    )
    whole = rule("whole", at_least="P1Y", minimum=WHOLE)

    answer = told(
        rule("a", after="P1Y"), whole, BY_CONTRACT, replace(rule("t", after="P2Y"), match=tagged)
    )

    assert "Another revision that is for it changes this day." in answer.changes
    assert answer.changes[-4:] == (
        "It is judged anew when this is corrected: its tags, its queue.",
        "It is judged anew when something else is told of this: the contract ends.",
        "It is judged anew when a recording of its conversation changes.",
        ABOVE,
    )


def test_the_grace_of_a_hold_is_said_in_whole_days() -> None:
    """It ends with a day of the policy's zone, which in another one is the midst of a day."""
    until = datetime(2026, 12, 4, 15, tzinfo=UTC)
    own = retained(controller="acme")
    zones = Calendars(
        zone=ZoneInfo("Asia/Tokyo"), of_controllers={"acme": ZoneInfo("Europe/Berlin")}
    )
    standing = {own.recording: Standing(holds=(Hold("3", "M-1", until),))}
    by = revision(1, rule("a", after="P1D"))
    there = replace(by, policy=replace(by.policy, calendars=zones))
    said = [
        explain(each, each.audio, words_in, "en").because[0]
        for one in (by, there)
        for each in judge_all([own], (one,), NOW, standing)
    ]

    assert [each.rpartition("end of ")[2] for each in said] == [
        "2026-12-04 (Asia/Tokyo).",
        "2026-12-03 (Europe/Berlin).",
    ]
