"""What is said where a recording's files are not as they were written."""

from api.web.refusals.recording_refusals import OF_RECORDINGS


def test_each_says_which_command_to_run() -> None:
    """Who listens can do nothing himself; who runs Rokuon can."""
    assert OF_RECORDINGS
    assert all("rokuon " in kind.text for kind in OF_RECORDINGS.values())
