"""What a stored recording gives when it is opened."""

from api.calls.recording_forms import ExportForm, Waveform


def test_the_forms_of_a_copy_are_those_of_the_document() -> None:
    """Scripts name them."""
    assert [form.value for form in ExportForm] == ["wav", "flac", "opus", "pcap"]


def test_a_waveform_without_silences_has_none() -> None:
    """A flat stretch that nobody explains is not explained."""
    assert Waveform(b"x").silences == ()
