"""What the values of a legal hold are called."""

from rokuon.cli.words.retention_words import hold_labels


def test_every_value_has_its_name() -> None:
    """An empty one is a line that says nothing."""
    assert all(hold_labels().values())
