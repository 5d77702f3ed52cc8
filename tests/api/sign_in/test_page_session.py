"""Who is signed in at a page."""

from api.sign_in.page_session import SignedIn


def test_a_session_shows_no_secret_of_its_own() -> None:
    """A traceback or a log line is no way in."""
    who = SignedIn(number=1, account=None, stage="enrol", form_key="key", ends_us=0, renewed="new")

    assert "new" not in repr(who)
    assert "key" not in repr(who).replace("form_key", "")
