"""The page of health, and the band that leads there."""

from pathlib import Path

import pytest

from api.health.alarm_words import ALARMS
from api.health.judge import AlarmCode
from api.permissions.roles import Role
from rokuon.messages.i18n import words_in
from tests.api.health.examples import WELL, WRONG
from tests.api.web.pages.browser import browser, text_of

REFUSED = ALARMS[AlarmCode.CALLS_REFUSED]


async def test_an_administrator_reads_what_is_wrong_since_when_and_what_to_do(
    tmp_path: Path,
) -> None:
    """What loses calls stands first, with its reason; a disk that nobody measured is not well."""
    async with browser(tmp_path, Role.ADMINISTRATOR, seen=WRONG) as it:
        page = await it.see("/health")

    told = text_of(page)
    for code in (AlarmCode.CALLS_REFUSED, AlarmCode.KEYS_SILENT, AlarmCode.KEEPER_WAITS):
        words = ALARMS[code]
        assert all(each in told for each in (words.wrong, words.calls, words.mend, words.who))
    assert told.index(REFUSED.wrong) < told.index(ALARMS[AlarmCode.KEEPER_WAITS].wrong)
    assert "Reason the spool is full" in told
    assert "Since Sat 28 Nov 2026, 17:40" in told
    assert "rokuon doctor --only CALL-001" in told
    assert "spool nearly full 488.3 KiB 38.1 MiB" in told
    assert "archive not known" in told
    assert "All is well" not in told


@pytest.mark.parametrize("role", list(Role))
async def test_a_band_on_every_page_tells_whose_duty_it_is_and_nobody_else(
    tmp_path: Path, role: Role
) -> None:
    """Also on a page that refuses; on the page of health itself everything stands anyhow."""
    async with browser(tmp_path, role, seen=WRONG) as it:
        before = await it.see("/me")
        health = await it.see("/health")
        pages = [await it.see(path) for path in ("/me", "/live", "/people", "/calls")]

    is_told = role in (Role.ADMINISTRATOR, Role.SUPERVISOR)
    assert REFUSED.wrong not in before.text
    assert health.status_code == (200 if is_told else 403)
    assert {REFUSED.wrong in each.text for each in pages} == {is_told}
    assert {'href="/health">Effect and what to do' in each.text for each in pages} == {is_told}
    assert 'href="/health">Effect and what to do' not in health.text


async def test_where_all_is_well_the_page_says_so_and_there_is_no_band(tmp_path: Path) -> None:
    """As of when."""
    async with browser(tmp_path, Role.SUPERVISOR, seen=WELL) as it:
        health = await it.see("/health")
        own = await it.see("/me")

    assert "No active alarms." in text_of(health)
    assert "As of Sat 28 Nov 2026, 17:42" in text_of(health)
    assert "New calls are taken" in text_of(health)
    assert "Effect and what to do" not in own.text


async def test_it_is_read_in_japanese(tmp_path: Path) -> None:
    """All of it: no sentence of the table is left in English."""
    async with browser(
        tmp_path, Role.ADMINISTRATOR, seen=WRONG, language="ja", words=words_in
    ) as it:
        page = await it.see("/health")

    told = text_of(page)
    assert "新しい通話を断っています" in told
    for words in ALARMS.values():
        for each in (words.wrong, words.calls, words.mend, words.who):
            assert words_in("ja", each) != each
            assert each not in told
