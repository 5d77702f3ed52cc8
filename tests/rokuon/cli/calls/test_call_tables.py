"""The tables of a call that is shown."""

from datetime import UTC

from api.web.calls.courses import NoticeView
from archive.call.notices import notices_in
from rokuon.cli.calls.call_tables import recording_tables, titles_for
from rokuon.cli.calls.course_rows import notice_row
from tests.archive.catalog.examples import inline, notice_played, notice_reported


def test_a_notice_is_shown_with_all_that_is_known_of_it() -> None:
    """Each column has something to show; only the digest of its wording is left to JSON."""
    (notice,) = notices_in(inline(notice_played(), notice_reported(0)))
    answer = NoticeView.show(notice, UTC).model_dump(mode="json")
    row, columns = notice_row(answer, UTC), set(recording_tables()["notices"])

    assert columns <= set(row)
    assert set(row) - columns == {"wording_sha256", "through"}


def test_what_was_there_before_has_a_column_only_where_something_was_corrected() -> None:
    """Most calls are shown as ever."""
    titles = recording_tables()["legs"]

    assert "was" not in titles_for([{"name": "a", "was": []}], titles)
    corrected = {"was": ["2001"], "agent_was": ["田中"]}
    assert titles_for([{"was": []}, corrected], titles) == titles


def test_that_the_side_of_a_correction_was_a_guess_has_a_column_where_one_was() -> None:
    """A column of noes says nothing."""
    titles = recording_tables()["corrections"]
    known, guessed = {"was": ["customer"], "side_guessed": False}, {"side_guessed": True}

    assert "side_guessed" not in titles_for([known], titles)
    assert titles_for([known, guessed], titles) == titles
