"""Sessions: a secret that changes, a stage, and an end."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Connection, select

from archive.catalog.accounts.persons import add_user, user_in
from archive.catalog.accounts.sessions import (
    FORMER_COUNTS_US,
    USE_NOTED_EVERY_US,
    Lifetime,
    SessionTimes,
    UnknownSession,
    begin_session,
    end_session,
    end_sessions,
    last_signed_in,
    note_arrival,
    note_session_use,
    replace_lost_secret,
    rotate_session,
    session_numbered,
    session_of,
    sessions_of,
    sign_out,
    state_purpose,
    tell_signed_in,
)
from archive.catalog.database.engine import writing
from archive.catalog.tables.catalog import session
from archive.ids import DEFAULT_TENANT
from tests.archive.catalog.examples import MINUTE_US, NOW_US, author, new_catalog
from tests.told import all_told

HOUR_US = 60 * MINUTE_US
IDLE_US = 30 * MINUTE_US
LIFETIME = Lifetime(idle_us=IDLE_US, expires_us=NOW_US + HOUR_US)


def test_a_session_is_found_by_its_secret_which_is_kept_nowhere(tmp_path: Path) -> None:
    """Who reads the catalog can be nobody else by it."""
    with writing(new_catalog(tmp_path)) as connection:
        sato = user_in(connection, add_user(connection, author(), "sato"))
        row, secret = begin_session(connection, author(), sato, "second", LIFETIME)
        found = session_of(connection, DEFAULT_TENANT, secret, NOW_US)

        assert found == session_numbered(connection, row)
        assert (found.user, found.stage, len(found.form_key)) == (sato.row, "second", 32)
        assert secret not in repr(connection.execute(select(session)).all())
        assert session_of(connection, DEFAULT_TENANT, secret + "x", NOW_US) is None
        assert session_of(connection, DEFAULT_TENANT, "", NOW_US) is None


def test_the_secret_before_counts_for_a_minute(tmp_path: Path) -> None:
    """Requests that were under way are not lost; one that was copied is soon worth nothing."""
    with writing(new_catalog(tmp_path)) as connection:
        sato = user_in(connection, add_user(connection, author(), "sato"))
        row, old = begin_session(connection, author(), sato, "full", LIFETIME)
        new = rotate_session(connection, row, old, NOW_US + 1)
        note_session_use(connection, row, new, NOW_US + 2)
        late = [
            session_of(connection, DEFAULT_TENANT, old, NOW_US + us)
            for us in (FORMER_COUNTS_US, FORMER_COUNTS_US + 1)
        ]

        assert new not in ("", old)
        assert rotate_session(connection, row, old, NOW_US + 1) == ""
        assert session_of(connection, DEFAULT_TENANT, new, NOW_US + HOUR_US) == session_numbered(
            connection, row
        )
        assert [each is not None for each in late] == [True, False]


@pytest.mark.parametrize("arrives", [note_arrival, None])
def test_a_lost_secret_is_replaced_for_who_has_the_one_before(
    tmp_path: Path, arrives: Callable[[Connection, int, str], None] | None
) -> None:
    """After a minute, unless it has arrived; then the lost one is worth nothing."""
    minute_us = NOW_US + FORMER_COUNTS_US + 1
    with writing(new_catalog(tmp_path)) as connection:
        sato = user_in(connection, add_user(connection, author(), "sato"))
        row, old = begin_session(connection, author(), sato, "full", LIFETIME)
        lost = rotate_session(connection, row, old, NOW_US + 1)
        if arrives is not None:
            arrives(connection, row, lost)
        early = replace_lost_secret(connection, row, old, minute_us - 1)
        new = replace_lost_secret(connection, row, old, minute_us)
        once_more = replace_lost_secret(connection, row, old, minute_us)
        found = [session_of(connection, DEFAULT_TENANT, each, minute_us) for each in (lost, old)]

    assert (early, once_more) == ("", "")
    assert (new == "") is (arrives is not None)
    assert [each is not None for each in found] == [arrives is not None, arrives is None]


def test_what_is_chosen_is_kept_for_the_session(tmp_path: Path) -> None:
    """The purpose is said once, not with each page."""
    with writing(new_catalog(tmp_path)) as connection:
        sato = user_in(connection, add_user(connection, author(), "sato"))
        row, secret = begin_session(connection, author(), sato, "full", LIFETIME)
        state_purpose(connection, row, "quality")
        rotate_session(connection, row, secret, NOW_US)

        assert session_numbered(connection, row).purpose == "quality"


def test_a_session_ends_unused_at_the_latest_or_when_it_is_ended() -> None:
    """Whatever is first."""
    times = SessionTimes(
        began_us=0,
        rotated_us=0,
        used_us=HOUR_US,
        idle_us=IDLE_US,
        expires_us=12 * HOUR_US,
        ended_us=None,
    )
    last = replace(times, used_us=12 * HOUR_US - 1)
    ended = replace(times, ended_us=HOUR_US + 1)

    assert times.end_us == HOUR_US + IDLE_US
    assert last.end_us == 12 * HOUR_US
    assert ended.end_us == HOUR_US + 1


def test_the_last_use_is_kept_to_the_minute(tmp_path: Path) -> None:
    """A write for every request would make reading as slow as writing."""
    with writing(new_catalog(tmp_path)) as connection:
        sato = user_in(connection, add_user(connection, author(), "sato"))
        row, secret = begin_session(connection, author(), sato, "full", LIFETIME)
        first = session_numbered(connection, row).times
        note_session_use(connection, row, secret, NOW_US + USE_NOTED_EVERY_US)

        assert not first.is_use_due(NOW_US + USE_NOTED_EVERY_US - 1)
        assert first.is_use_due(NOW_US + USE_NOTED_EVERY_US)
        assert session_numbered(connection, row).times.used_us == NOW_US + USE_NOTED_EVERY_US


def test_a_person_ends_its_own_sessions_and_no_other_s(tmp_path: Path) -> None:
    """Each by its number; what is over is not ended twice."""
    with writing(new_catalog(tmp_path)) as connection:
        sato, ono = (
            user_in(connection, add_user(connection, author(), name)) for name in ("sato", "ono")
        )
        rows = [
            begin_session(connection, author(), of, "full", LIFETIME)[0]
            for of in (sato, sato, sato, ono)
        ]
        with pytest.raises(UnknownSession):
            sign_out(connection, author(), ono, rows[0])
        sign_out(connection, author(), sato, rows[0])
        with pytest.raises(UnknownSession):
            sign_out(connection, author(), sato, rows[0])
        listed = [each.row for each in sessions_of(connection, sato.row, NOW_US)]
        end_sessions(connection, sato.row, NOW_US, but=rows[2])
        left = [each.row for each in sessions_of(connection, sato.row, NOW_US)]
        end_session(connection, rows[2], NOW_US)
        told = [each.entry for each in all_told(connection)][2:]

        assert listed == [rows[2], rows[1]]
        assert left == [rows[2]]
        assert sessions_of(connection, sato.row, NOW_US) == ()
        assert len(sessions_of(connection, ono.row, NOW_US)) == 1
        assert sessions_of(connection, ono.row, NOW_US + IDLE_US) == ()
        assert [(each.action, each.detail) for each in told] == [
            ("signed_out", {"session": rows[0]})
        ]


def test_the_journal_says_by_what_somebody_has_signed_in(tmp_path: Path) -> None:
    """And by which session, so that what is ended is known."""
    with writing(new_catalog(tmp_path)) as connection:
        sato = user_in(connection, add_user(connection, author(), "sato"))
        row, _ = begin_session(connection, author(), sato, "full", LIFETIME)
        tell_signed_in(connection, author(), sato, row, "password and app")
        told = all_told(connection)[-1].entry

        assert (told.action, told.target) == ("signed_in", "sato")
        assert told.detail == {"session": row, "with": "password and app"}


def test_when_each_person_signed_in_last_is_known_also_when_the_session_is_over(
    tmp_path: Path,
) -> None:
    """A session that never was full is no sign-in, and who never came has none."""
    with writing(new_catalog(tmp_path)) as connection:
        names = ("sato", "ono", "abe")
        sato, ono, _ = (user_in(connection, add_user(connection, author(), each)) for each in names)
        for at_us in (NOW_US, NOW_US + 1):
            row, _ = begin_session(connection, author(at_us=at_us), sato, "full", LIFETIME)
            end_session(connection, row, at_us)
        begin_session(connection, author(), ono, "second", LIFETIME)

        assert last_signed_in(connection, DEFAULT_TENANT) == {sato.row: NOW_US + 1}
