"""The pages of legal holds."""

from pathlib import Path

from api.permissions.roles import Role
from archive.catalog.database.engine import writing
from archive.catalog.destruction.tombstones import Tombstone, place_tombstone
from archive.lifecycle.tombstone import Remains
from tests.api.examples import CALL
from tests.api.web.pages.browser import browser, text_of
from tests.api.web.pages.real import new_person, new_session, real_browser
from tests.archive.catalog.examples import adoption, recording_id, us
from tests.support.pages.holds import placed


async def test_a_hold_says_for_what_over_what_and_how_much_it_has(tmp_path: Path) -> None:
    """Who looks at it years later knows why it is there."""
    async with real_browser(tmp_path, Role.LEGAL) as it:
        at = await placed(it, number="7788", queue="", whole="yes")
        listed = text_of(await it.see("/holds"))
        told = text_of(await it.see(at))
        each = await it.see(f"{at}/recordings?state=held")

    assert "M-2026-07 active 1 Thu 1 Apr 2027" in listed
    assert "1 of 1 recordings are held." in told
    assert "Telephone number: 7788" in told
    assert "the others of each conversation" in told
    assert f'href="/calls/{CALL}"' in each.text
    assert str(recording_id(1)) in each.text
    assert "kept by the hold" in text_of(each)


async def test_a_review_date_that_is_over_is_marked_while_the_hold_is_in_force(
    tmp_path: Path,
) -> None:
    """Nobody lets recordings lie for ever by forgetting them."""
    async with real_browser(tmp_path, Role.LEGAL) as it:
        await placed(it, review_on="2026-01-05")
        listed = text_of(await it.see("/holds"))

    assert "Mon 5 Jan 2026 ▲ over" in listed


async def test_what_was_searched_for_is_shown_to_who_may_search_alone(tmp_path: Path) -> None:
    """A search may name somebody; the auditor sees that there is a hold, and how much it has."""
    async with real_browser(tmp_path, Role.LEGAL) as it:
        new_person(it.engine, "kansa", Role.AUDITOR)
        at = await placed(it, number="7788")
        it.hold(new_session(it.engine, "kansa"))
        told = text_of(await it.see(at))

    assert "for those who may search" in told
    assert "7788" not in told
    assert "1 of 1 recordings are held." in told


async def test_what_came_too_late_stands_beside_what_is_held(tmp_path: Path) -> None:
    """41 of 43; two were destroyed, and when."""
    async with real_browser(tmp_path, Role.LEGAL) as it:
        it.page.key_client.destroyed.add(adoption(1).key_id)
        at = await placed(it)
        told = text_of(await it.see(at))

    assert "0 of 1 recordings are held. Destroyed before it was placed: 1." in told
    assert "destroyed before" in told
    assert "not known when" in told


async def test_what_came_too_late_names_the_certificate_that_attests_it(tmp_path: Path) -> None:
    """Beside how many they were, on the page and in the answer to who asks over HTTP."""
    destroyed_us = us("2026-11-03 12:00")
    gone = Tombstone(
        recording=recording_id(1), destroyed_us=destroyed_us, journal=1, remains=Remains(plan=7)
    )
    async with real_browser(tmp_path, Role.LEGAL) as it:
        it.page.key_client.destroyed.add(adoption(1).key_id)
        with writing(it.engine) as connection:
            place_tombstone(connection, 1, gone)
        told = text_of(await it.see(await placed(it)))

    assert "Destroyed before: 1. 2026-11-03" in told or "Destroyed before: 1. Tue 3 Nov" in told
    assert "certificate 7" in told


async def test_who_lets_go_sees_what_falls_due_then_it_takes_another_person(
    tmp_path: Path,
) -> None:
    """The same button proposes, and carries out what was approved."""
    async with real_browser(tmp_path, Role.LEGAL) as it:
        own = it.session
        new_person(it.engine, "sato", Role.APPROVER)
        at = await placed(it)
        preview = text_of(await it.see(f"{at}/release"))
        proposed = await it.send(f"{at}/release", {})
        it.hold(new_session(it.engine, "sato"))
        await it.send("/approvals/1/give", {})
        offered = (await it.see(f"{at}/release")).text
        it.hold(own)
        done = await it.send(f"{at}/release", {})
        told = text_of(await it.see(at))
        again = await it.send(f"{at}/release", {})

    assert "kept by something else, or without an end 1" in preview
    assert (proposed.status_code, done.status_code, again.status_code) == (200, 303, 409)
    assert 'href="/approvals#proposal-1"' in proposed.text
    assert f'action="{at}/release"' not in offered
    assert "released" in told
    assert "Still kept until" in told
    assert "The hold is not in the state for this" in text_of(again)


async def test_a_placing_that_waits_for_the_key_daemon_says_so_and_goes_on(tmp_path: Path) -> None:
    """Nothing at all is destroyed meanwhile: somebody has to know."""
    async with real_browser(tmp_path, Role.LEGAL) as it:
        it.page.key_client.away = True
        at = await placed(it)
        waits = text_of(await it.see(at))
        not_yet = await it.send(f"{at}/resume", {})
        it.page.key_client.away = False
        resumed = await it.send(f"{at}/resume", {})
        told = text_of(await it.see(at))

    assert "Being placed" in waits
    assert not_yet.status_code == 503
    assert "cannot be reached at the moment" in text_of(not_yet)
    assert resumed.headers["location"] == at
    assert "1 of 1 recordings are held." in told


async def test_giving_a_placing_up_is_proposed(tmp_path: Path) -> None:
    """A fence that one person can let down guards nothing."""
    async with real_browser(tmp_path, Role.LEGAL) as it:
        it.page.key_client.away = True
        at = await placed(it)
        proposed = await it.send(f"{at}/cancel", {})

    assert 'href="/approvals#proposal-1"' in proposed.text
    assert "Being placed" in text_of(proposed)


async def test_a_hold_that_there_is_not_is_not_found(tmp_path: Path) -> None:
    """And a new house holds nothing."""
    async with browser(tmp_path, Role.AUDITOR) as page:
        none = await page.see("/holds")
        unknown = [(await page.see(f"/holds/7{more}")).status_code for more in ("", "/release")]

    assert "Nothing is held." in text_of(none)
    assert "/calls" not in none.text.partition("<main")[2]
    assert unknown == [404, 404]
