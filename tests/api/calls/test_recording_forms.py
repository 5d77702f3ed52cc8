"""What a stored recording gives when it is opened."""

from api.calls.recording_forms import Waveform


def test_a_waveform_without_silences_has_none() -> None:
    """A flat stretch that nobody explains is not explained."""
    assert Waveform(b"x").silences == ()
