"""The store of recording sessions."""

import msgspec
import pytest

from capture.recording.session import SessionRecording
from capture.recording.session_store import Sessions
from tests.support.siprec.sessions import a_session, ended


def test_a_live_session_is_found_by_its_dialog_and_its_recording() -> None:
    """The peer names the one, the worker the other."""
    sessions, one = Sessions(), a_session()
    sessions.keep(one)

    assert sessions.of_dialog(one.dialog) is one
    assert sessions.get(one.key) is one
    assert sessions.of_recording(b"one recording") is one
    assert sessions.of_dialog(None) is None
    assert (len(sessions), sessions.live) == (1, 1)


def test_a_session_that_is_over_is_found_by_its_recording_only() -> None:
    """The peer can change nothing any more, the worker has still to close it."""
    sessions, one = Sessions(), a_session()
    sessions.keep(one)
    sessions.keep(ended(one))

    assert sessions.of_dialog(one.dialog) is None
    assert sessions.of_recording(b"one recording") == ended(one)
    assert (len(sessions), sessions.live) == (1, 0)


def test_a_worker_has_his_own_sessions() -> None:
    """Live and closing ones."""
    sessions = Sessions()
    mine, other = ended(a_session(b"one", 1)), a_session(b"two", 0)
    sessions.keep(mine)
    sessions.keep(other)

    assert sessions.of_worker(1) == [mine]


def test_a_session_that_is_dropped_leaves_nothing() -> None:
    """Neither entry, however it was found."""
    sessions, one = Sessions(), a_session()
    sessions.keep(one)

    assert sessions.drop(one.key) is one
    assert sessions.drop(one.key) is None
    assert sessions.of_dialog(one.dialog) is None
    assert (list(sessions), sessions.live) == ([], 0)


def test_a_session_is_given_back_with_its_last_recording_once_it_is_over() -> None:
    """Its ports rest then, not before; while the dialog is up another recording may begin."""
    sessions, one = Sessions(), a_session()
    two = one.with_recording(SessionRecording(recording=b"second", created_us=2))
    sessions.keep(two)

    assert sessions.closed(b"one recording") is None
    sessions.keep(ended(sessions.get(b"one") or two))
    gone = sessions.closed(b"second")
    assert gone is not None
    assert (gone.key, sessions.closed(b"second"), len(sessions)) == (b"one", None, 0)


def test_a_session_without_a_recording_lives_as_long_as_its_dialog() -> None:
    """A call has ended in it, and the next one has not begun."""
    sessions, one = Sessions(), a_session()
    sessions.keep(one)

    assert sessions.closed(b"one recording") is None
    assert sessions.of_dialog(one.dialog) is not None


def test_what_changed_is_said_once() -> None:
    """The last value of each, and None for what is gone."""
    sessions, one, two = Sessions(), a_session(b"one"), a_session(b"two")
    sessions.keep(one)
    sessions.keep(ended(one))
    sessions.keep(two)
    sessions.drop(b"two")

    assert sessions.take_changed() == {b"one": msgspec.msgpack.encode(ended(one)), b"two": None}
    assert sessions.take_changed() == {}


def test_what_is_new_is_said_once() -> None:
    """The watch begins to look at a session when it is first kept."""
    sessions, one = Sessions(), a_session()
    sessions.keep(one)
    sessions.keep(ended(one))

    assert sessions.take_fresh() == [one]
    assert sessions.take_fresh() == []


def test_sessions_come_back_from_bytes_as_they_were() -> None:
    """Nothing of that is a change: it is what was kept."""
    before, one, two = Sessions(), a_session(b"one"), ended(a_session(b"two"))
    before.keep(one)
    before.keep(two)
    kept = [value for value in before.take_changed().values() if value is not None]
    after = Sessions()

    assert sorted(after.restore(kept), key=lambda each: each.key) == [one, two]
    assert (len(after), after.live) == (2, 1)
    assert after.take_changed() == {}


def test_bytes_that_are_no_session_are_refused() -> None:
    """A successor of another version must not take half of a call."""
    with pytest.raises(msgspec.MsgspecError):
        Sessions().restore([msgspec.msgpack.encode({"recording": b"one"})])
