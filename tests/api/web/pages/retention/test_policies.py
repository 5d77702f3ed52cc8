"""The pages of the retention policy."""

from pathlib import Path

from sqlalchemy import Engine

from api.permissions.roles import Role
from archive.catalog.database.engine import writing
from archive.catalog.retention.revisions import NewRevision, append_revision
from retention.policies.policy_text import policy_text
from retention.rules.rule import Basis, Rank
from tests.api.web.pages.browser import browser, text_of
from tests.archive.catalog.examples import NOW_US, author
from tests.retention.examples import policy, rule

LAW = rule(
    "law<script>", at_least="P10Y", rank=Rank.LAW, queue="loans",
    basis=Basis(citation="貸金業法 19条", source="https://example.jp/"),
)  # fmt: skip
HOUR_US = 3_600_000_000


def taken_over(engine: Engine, *, in_force_us: int) -> str:
    """A revision; its text."""
    text = policy_text(policy(rule("default", after="P2Y"), LAW)).replace("<script>", "-1")
    with writing(engine) as connection:
        append_revision(
            connection,
            author(),
            NewRevision(text=text, in_force_us=in_force_us, is_retroactive=False),
        )
    return text


async def test_the_rules_in_force_are_sentences_and_the_revisions_have_their_states(
    tmp_path: Path,
) -> None:
    """Who is responsible reads them here."""
    async with browser(tmp_path, Role.RETENTION_OWNER) as it:
        before = text_of(await it.see("/policies"))
        taken_over(it.engine, in_force_us=NOW_US)
        taken_over(it.engine, in_force_us=NOW_US + HOUR_US)
        page = await it.see("/policies")

    told = text_of(page)
    assert "never has to go" in before
    assert "as shipped" in before
    assert "queue loans" in told
    assert "Audio: kept for 10 years at least" in told
    assert "Audio: goes after 2 years" in told
    assert "cools off" in told
    assert 'href="https://example.jp/"' in page.text
    assert 'action="/policies/2/call-back"' in page.text
    assert 'action="/policies/1/call-back"' not in page.text


async def test_a_revision_is_shown_compared_and_exported(tmp_path: Path) -> None:
    """The file is the text that its digest is of."""
    async with browser(tmp_path, Role.AUDITOR) as it:
        text = taken_over(it.engine, in_force_us=NOW_US)
        page = text_of(await it.see("/policies/1"))
        same = text_of(await it.see("/policies/1?beside=1"))
        exported = await it.see("/policies/1/text")
        none = await it.see("/policies/9")

    assert "+id = &#34;law-1&#34;" in page
    assert "Nothing differs." in same
    assert (exported.text, exported.headers["content-type"]) == (text, "text/plain; charset=utf-8")
    assert "policy-1.toml" in exported.headers["content-disposition"]
    assert none.status_code == 404


async def test_what_cools_off_is_called_back_and_what_decides_is_not(tmp_path: Path) -> None:
    """By one button; who only reads has none."""
    async with browser(tmp_path, Role.RETENTION_OWNER) as it:
        taken_over(it.engine, in_force_us=NOW_US)
        taken_over(it.engine, in_force_us=NOW_US + HOUR_US)
        done = await it.send("/policies/2/call-back", {})
        refused = await it.send("/policies/1/call-back", {})
        page = text_of(await it.see("/policies"))
    (other := tmp_path / "other").mkdir()
    async with browser(other, Role.AUDITOR) as it:
        taken_over(it.engine, in_force_us=NOW_US + HOUR_US)
        theirs = (await it.see("/policies")).text

    assert (done.status_code, done.headers["location"]) == (303, "/policies")
    assert refused.status_code == 409
    assert "in force already" in text_of(refused)
    assert "called back" in page
    assert "call-back" not in theirs


async def test_who_may_not_read_policies_does_not_find_the_page(tmp_path: Path) -> None:
    """It is not in the navigation, and says so to who asks all the same."""
    async with browser(tmp_path, Role.REVIEWER) as it:
        page = await it.see("/policies")

    assert page.status_code == 403
    assert '<li><a href="/policies"' not in page.text
