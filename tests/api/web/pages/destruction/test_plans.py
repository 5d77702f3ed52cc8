"""The pages of plans of destruction."""

import sys
from pathlib import Path

import pytest

from api.permissions.roles import Role
from tests.api.certificates.runs import Daemon, ended, issue
from tests.api.letters.pdf_reader import read
from tests.api.web.pages.browser import browser, text_of
from tests.api.web.pages.real import RealBrowser, new_person, new_session, real_browser
from tests.support.web.destruction import take_over


async def planned(it: RealBrowser) -> str:
    """Whatever is due, in a plan; its address."""
    take_over(it.engine)
    answer = await it.send("/plans", {})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


async def test_what_is_due_is_planned_and_says_by_which_rule_and_whose_word_it_needs(
    tmp_path: Path,
) -> None:
    """Who approves must see what; nothing is destroyed by looking."""
    async with real_browser(tmp_path, Role.RETENTION_OWNER) as it:
        at = await planned(it)
        told = text_of(await it.see(at))
        listed = text_of(await it.see("/plans"))
        each = text_of(await it.see(f"{at}/recordings"))
        again = await it.send("/plans", {})

    assert "week Revision 1" in told
    assert "Proposal 1" in told
    assert "72 hours after it is approved" in told
    assert "waits for another person" in listed
    assert "planned" in each
    assert again.status_code == 409
    assert "Nothing is due that is not in a plan already" in text_of(again)


async def test_another_person_approves_and_who_made_it_is_not_offered_that(tmp_path: Path) -> None:
    """Carried out before there is a word it is not; where there is no key daemon, it waits."""
    async with real_browser(tmp_path, Role.RETENTION_OWNER) as it:
        own = it.session
        new_person(it.engine, "sato", Role.LEGAL)
        at = await planned(it)
        offered = (await it.see(at)).text
        early = await it.send(f"{at}/apply", {})
        self_approved = await it.send(f"{at}/approve", {})
        it.hold(new_session(it.engine, "sato"))
        of_other = (await it.see(at)).text
        given = await it.send(f"{at}/approve", {})
        it.hold(own)
        away = await it.send(f"{at}/apply", {})
        told = text_of(await it.see(at))

    assert f'href="{at}/approve"' not in offered
    assert f'href="{at}/approve"' in of_other
    assert f'action="{at}/stop"' in of_other
    assert f'action="{at}/withdraw"' not in of_other, "there is nothing to take back yet"
    assert 'href="/approvals#proposal-1"' in early.text
    assert self_approved.status_code == 409
    assert "Another person must do this" in text_of(self_approved)
    assert (given.status_code, away.status_code) == (303, 503)
    assert "Nothing is destroyed; do it again later." in text_of(away)
    assert "waits for the key daemon" in told
    assert "requested by two persons" in told


async def test_a_plan_that_is_stopped_says_what_it_left_and_no_approval_need_stand(
    tmp_path: Path,
) -> None:
    """Stopping it twice is refused in words."""
    async with real_browser(tmp_path, Role.RETENTION_OWNER) as it:
        at = await planned(it)
        stopped = await it.send(f"{at}/stop", {})
        told = text_of(await it.see(at))
        again = await it.send(f"{at}/stop", {})
        ended_all = await it.send("/plans/standing/end", {})

    assert (stopped.status_code, again.status_code, ended_all.status_code) == (303, 409, 303)
    assert "kept after all the plan was stopped 1" in told
    assert "yamada has stopped it." in told
    assert "two persons must want it, and it cools off in full" in told
    assert "The plan has ended" in text_of(again)


async def test_who_approved_takes_it_back_on_the_page_and_the_page_says_what_comes_next(
    tmp_path: Path,
) -> None:
    """Before it is applied it waits again; afterwards it is stopped, and who did stands there."""
    async with real_browser(tmp_path, Role.RETENTION_OWNER) as it:
        own = it.session
        new_person(it.engine, "sato", Role.APPROVER)
        other = new_session(it.engine, "sato")
        at = await planned(it)
        it.hold(other)
        early = await it.send(f"{at}/withdraw", {})
        await it.send(f"{at}/approve", {})
        offered = text_of(await it.see(at))
        taken = await it.send(f"{at}/withdraw", {})
        again = (await it.see(at)).text
        await it.send(f"{at}/approve", {})
        it.hold(own)
        await it.send(f"{at}/apply", {})
        it.hold(other)
        warned = text_of(await it.see(at))
        await it.send(f"{at}/withdraw", {})
        told = text_of(await it.see(at))
        listed = text_of(await it.see("/plans"))

    assert (early.status_code, taken.status_code) == (409, 303)
    assert "Withdraw approval" in offered
    assert f'href="{at}/approve"' in again
    assert "Withdraw approval: that stops it" in warned
    assert "sato has stopped it." in told
    assert "The key daemon has not confirmed that yet" in told
    assert "None stands: every plan takes the word of another person." in listed


async def test_a_certificate_stands_with_its_run_and_its_files_are_downloaded(
    tmp_path: Path,
) -> None:
    """As it was signed, byte by byte."""
    async with browser(tmp_path, Role.AUDITOR) as page:
        run = ended()
        issue(page.engine, tmp_path, Daemon(run.recordings)).issue(run)
        file = await page.see("/plans/3/certificate/certificate.txt")
        none = await page.see("/plans/3/certificate/nothing.txt")

    assert file.headers["content-disposition"].endswith('"plan-3-certificate.txt"')
    assert file.content.startswith(b"rokuon certificate of destruction 1\n")
    assert none.status_code == 404


async def test_a_certificate_is_a_letter_in_both_languages_with_times_of_the_session(
    tmp_path: Path,
) -> None:
    """For who files it, and for who asked; what was signed stands in it as it was signed."""
    pytest.importorskip("typst", reason="needs the extra 'letters'")
    async with browser(tmp_path, Role.AUDITOR) as page:
        run = ended()
        issue(page.engine, tmp_path, Daemon(run.recordings)).issue(run)
        letters = [await page.see(f"/plans/3/letter/{language}") for language in ("en", "ja")]
        signed = (await page.see("/plans/3/certificate/certificate.txt")).text
        none = await page.see("/plans/4/letter/en")
        other = await page.see("/plans/3/letter/fr")

    english, japanese = (read("pdftotext", each.content, tmp_path, "-") for each in letters)
    assert letters[0].headers["content-disposition"].endswith('"plan-3-en.pdf"')
    assert "Certificate of destruction of recordings" in english
    assert "月" in japanese
    assert "JST" in english
    assert all(line in english for line in signed.splitlines()[:2])
    assert (none.status_code, other.status_code) == (404, 422)


async def test_without_letters_the_page_says_who_installs_what(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The certificate itself is there all the same."""
    monkeypatch.setitem(sys.modules, "typst", None)
    async with browser(tmp_path, Role.AUDITOR) as page:
        run = ended()
        issue(page.engine, tmp_path, Daemon(run.recordings)).issue(run)
        answer = await page.see("/plans/3/letter/en")

    assert answer.status_code == 501
    assert "an administrator installs the extra letters" in text_of(answer)


async def test_a_plan_that_there_is_not_is_not_found(tmp_path: Path) -> None:
    """And in a new house nothing was ever planned."""
    async with browser(tmp_path, Role.AUDITOR) as page:
        none = await page.see("/plans")
        unknown = [(await page.see(f"/plans/7{more}")).status_code for more in ("", "/recordings")]

    assert "Nothing was ever planned." in text_of(none)
    assert 'action="/plans"' not in none.text
    assert unknown == [404, 404]
