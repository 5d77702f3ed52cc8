"""The page on which a policy is written."""

from pathlib import Path

from api.permissions.roles import Role
from retention.policies.policy_text import policy_text
from retention.rules.rule import Rank
from tests.api.web.pages.browser import text_of
from tests.api.web.pages.real import real_browser
from tests.retention.examples import policy, rule

DEFAULT = rule("default", after="never")
LONGER = policy_text(policy(DEFAULT, rule("law", at_least="P10Y", rank=Rank.LAW)))
SHORTER = policy_text(policy(DEFAULT, rule("support", after="P1Y", queue="support")))


async def test_a_draft_begins_with_the_latest_text_and_is_checked(tmp_path: Path) -> None:
    """What it would mean, before anybody is asked; a browser's ends of lines are none of it."""
    async with real_browser(tmp_path, Role.RETENTION_OWNER) as it:
        begun = await it.see("/policy-draft")
        longer = await it.send("/policy-draft/check", {"text": LONGER.replace("\n", "\r\n")})
        shorter = await it.send("/policy-draft/check", {"text": SHORTER, "retroactive": "yes"})
        after = text_of(await it.see("/policies"))

    assert "id = &#34;default&#34;" in begun.text
    assert "one person is enough" in text_of(longer)
    assert "some recordings have no end" in text_of(longer)
    assert "+id = &#34;law&#34;" in text_of(longer)
    assert "by its rules it may shorten" in text_of(shorter)
    assert "all recordings, also those that exist" in text_of(shorter)
    assert "Propose, or take over when approved" in text_of(shorter)
    assert "support" not in after


async def test_each_fault_stands_with_its_line(tmp_path: Path) -> None:
    """In the order of the lines; what was typed is still there."""
    wrong = SHORTER.replace("P1Y", "P1H").replace("Asia/Tokyo", "Mars/Base")
    async with real_browser(tmp_path, Role.RETENTION_OWNER) as it:
        checked = await it.send("/policy-draft/check", {"text": wrong})
        taken = await it.send("/policy-draft", {"text": wrong})

    told = text_of(checked)
    assert (checked.status_code, taken.status_code) == (422, 422)
    assert told.index("Mars/Base is not the name of a time zone") < told.index("P1H is no period")
    assert "rule support, audio.delete_after" in told
    assert "P1H" in checked.text.partition("<textarea")[2]


async def test_what_keeps_longer_is_taken_over_and_what_shortens_is_proposed(
    tmp_path: Path,
) -> None:
    """The page says what comes next."""
    async with real_browser(tmp_path, Role.RETENTION_OWNER) as it:
        done = await it.send("/policy-draft", {"text": LONGER})
        waits = await it.send("/policy-draft", {"text": SHORTER})
        listed = text_of(await it.see("/approvals"))

    assert (done.status_code, done.headers["location"]) == (303, "/policies")
    assert "It is proposal 1." in text_of(waits)
    assert 'href="/approvals#proposal-1"' in waits.text
    assert "a retention policy" in listed


async def test_who_reads_alone_tries_and_takes_nothing_over(tmp_path: Path) -> None:
    """What is refused is not offered."""
    async with real_browser(tmp_path, Role.LEGAL) as it:
        page = await it.see("/policy-draft")
        refused = await it.send("/policy-draft", {"text": LONGER})

    assert 'formaction="/policy-draft"' not in page.text
    assert refused.status_code == 403
