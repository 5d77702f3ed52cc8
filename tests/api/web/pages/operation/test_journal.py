"""The pages of the journal, as an auditor reads them."""

import html
import re
from pathlib import Path

import pytest

from api.permissions.roles import Role
from archive.catalog.database.engine import reading, writing
from archive.catalog.journal.entries import Entry, append
from archive.ids import DEFAULT_TENANT
from tests.api.examples import CALL
from tests.api.web.pages.browser import Browser, browser, text_of
from tests.archive.catalog.examples import NOW_US
from tests.told import all_told, last_told

EVIL = '"><script>alert(1)</script><img src=x onerror=alert(1)>'


def write_down(page: Browser, *lines: Entry) -> None:
    """Let the journal have these."""
    with writing(page.engine) as connection:
        for line in lines:
            append(connection, line)


def listened(actor: str = "sato", at_us: int = NOW_US, target: str = CALL) -> Entry:
    """Somebody heard a call."""
    return Entry(tenant=DEFAULT_TENANT, at_us=at_us, actor=actor, action="listened", target=target)


async def test_entries_are_a_table_of_words_with_times_and_lead_to_who_heard(
    tmp_path: Path,
) -> None:
    """The auditor sees no call, so no id leads to one."""
    async with browser(tmp_path, Role.AUDITOR) as page:
        write_down(page, listened())
        answer = await page.see("/journal?account=sato")

    assert "listened" in text_of(answer)
    assert "<caption" in answer.text
    assert '<time datetime="2026-11-28T17:42:10+09:00">' in answer.text
    assert f'href="/journal/heard?id={CALL}"' in answer.text
    assert f'href="/calls/{CALL}"' not in answer.text


async def test_an_id_leads_to_its_call_for_who_may_see_calls(tmp_path: Path) -> None:
    """One click less."""
    async with browser(tmp_path, Role.AUDITOR, Role.REVIEWER) as page:
        write_down(page, listened())
        answer = await page.see("/journal?account=sato")

    assert f'href="/calls/{CALL}"' in answer.text


async def test_filters_are_in_the_address_and_reading_is_in_the_journal(tmp_path: Path) -> None:
    """As by every other way."""
    async with browser(tmp_path, Role.AUDITOR) as page:
        write_down(page, listened("sato"), listened("ono"))
        answer = await page.see("/journal?account=sato&action=listened&from=2026-11-28")
        with reading(page.engine) as connection:
            last = last_told(connection).entry

    assert 'value="sato"' in answer.text
    assert "/journal?account=ono" not in answer.text
    assert (last.action, last.actor, last.detail["actor"]) == ("journal_seen", "yamada", "sato")


async def test_a_long_journal_is_read_by_pages(tmp_path: Path) -> None:
    """The filters stay, each entry is seen once."""
    async with browser(tmp_path, Role.AUDITOR) as page:
        write_down(page, *(listened(at_us=NOW_US - at) for at in range(150)))
        first = await page.see("/journal?account=sato")
        older = first.text.partition('rel="next"')[0].rpartition('href="')[2].partition('"')[0]
        second = await page.see(older.replace("&amp;", "&"))

    counts = [each.text.count('<tr id="place-') for each in (first, second)]
    assert counts == [100, 50]
    assert 'rel="next"' not in second.text
    assert 'href="/journal?account=sato"' in second.text


async def test_who_heard_a_call_is_found_also_when_it_is_gone(tmp_path: Path) -> None:
    """By its id alone."""
    gone = "0" * 32
    async with browser(tmp_path, Role.AUDITOR) as page:
        write_down(page, listened(target=gone))
        heard = await page.see(f"/journal/heard?id={gone}")
        nobody = await page.see("/journal/heard?id=" + "1" * 32)
        empty = await page.see("/journal/heard")

    assert "sato" in text_of(heard)
    assert "Nobody has seen, heard or taken anything of it." in text_of(nobody)
    assert "Nobody has seen" not in text_of(empty)


async def test_the_reach_of_an_account_tells_how_many_calls_and_how_often(tmp_path: Path) -> None:
    """The list that a report of a breach needs."""
    async with browser(tmp_path, Role.AUDITOR) as page:
        write_down(page, listened(), listened())
        answer = await page.see("/journal/reach?account=sato&from=2026-11-28&to=2026-11-28")
        nothing = await page.see("/journal/reach?account=ono&from=2026-11-28&to=2026-11-28")

    assert "Calls reached: 1" in text_of(answer)
    assert CALL in answer.text
    assert '<td class="number">2</td>' in answer.text
    assert "was shown nothing" in text_of(nothing)


async def test_the_calls_of_an_account_come_page_by_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page of a hundred thousand calls is read by nobody, and holds up everybody."""
    monkeypatch.setattr("api.web.pages.operation.journal_forms.PAGE", 1)
    asked = "/journal/reach?account=sato&from=2026-11-28&to=2026-11-28"
    other = "f" * 32
    async with browser(tmp_path, Role.AUDITOR) as page:
        write_down(page, listened(), listened(target=other))
        first = await page.see(asked)
        (there,) = re.findall(r'href="([^"]+)" rel="next"', first.text)
        last = await page.see(html.unescape(there))
        nowhere = await page.see(asked + "&behind=x")

    assert "Calls reached: 2" in text_of(first)
    assert "Calls reached: 2" in text_of(last)
    heard = [f'href="/journal/heard?id={each}"' for each in (CALL, other)]
    assert [each in first.text for each in heard] == [True, False]
    assert [each in last.text for each in heard] == [False, True]
    assert 'rel="next"' not in last.text
    assert nowhere.status_code == 422


async def test_broken_glass_has_its_own_list(tmp_path: Path) -> None:
    """With the reason that was given."""
    async with browser(tmp_path, Role.AUDITOR) as page:
        nobody = await page.see("/journal?action=broke_glass")
        write_down(
            page,
            Entry(
                tenant=DEFAULT_TENANT,
                at_us=NOW_US,
                actor="sato",
                action="broke_glass",
                target=CALL,
                detail={"why": "the police asked"},
            ),
        )
        answer = await page.see("/journal?action=broke_glass")

    assert "No emergency access." in text_of(nobody)
    assert "the police asked" in text_of(answer)
    assert answer.text.count('aria-current="page"') == 2


@pytest.mark.parametrize(
    "path",
    ["/journal?from=soon", "/journal?action=danced", "/journal/heard?id=x", "/journal/reach?to=1"],
)
async def test_what_is_not_understood_is_said_and_not_asked(tmp_path: Path, path: str) -> None:
    """A summary that has the focus, and the field."""
    async with browser(tmp_path, Role.AUDITOR) as page:
        answer = await page.see(path)
        with reading(page.engine) as connection:
            found = [each.entry.action for each in all_told(connection)]

    assert (answer.status_code, 'aria-invalid="true"' in answer.text) == (422, True)
    assert 'role="alert"' in answer.text
    assert "journal_seen" not in found


@pytest.mark.parametrize(
    "path", ["/journal", "/journal?from=soon", "/journal/heard", "/journal/reach"]
)
async def test_who_may_not_read_it_is_told_also_before_a_question(
    tmp_path: Path, path: str
) -> None:
    """An empty form would say that there is something to ask."""
    async with browser(tmp_path, Role.SUPERVISOR) as page:
        answer = await page.see(path)

    assert answer.status_code == 403
    assert '<form class="card form"' not in answer.text


@pytest.mark.parametrize("language", ["en", "ja"])
async def test_what_others_have_written_is_no_markup(tmp_path: Path, language: str) -> None:
    """Queues, reasons, logins and notes come from people, files and telephone systems."""
    evil = Entry(
        tenant=DEFAULT_TENANT,
        at_us=NOW_US,
        actor=EVIL,
        action="searched",
        target=EVIL,
        reason=EVIL,
        detail={EVIL: EVIL, "clues": [f"queue {EVIL}", f"direction {EVIL}"], "why": EVIL},
    )
    async with browser(tmp_path, Role.AUDITOR, language=language) as page:
        write_down(page, evil)
        answers = [
            await page.see(path)
            for path in ("/journal", f"/journal?account={EVIL}", f"/journal/heard?id={EVIL}",
                         f"/journal/reach?account={EVIL}&from=today")
        ]  # fmt: skip

    for answer in answers:
        assert "<script>alert" not in answer.text
        assert "<img src=x" not in answer.text
