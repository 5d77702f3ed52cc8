"""What is said of policies."""

from rokuon.cli.words.retention_words import policy_labels


def test_what_a_check_says_has_names() -> None:
    """Each line of it; and what a telling of events says."""
    check = {"sha256", "care", "because", "compared_with", "in_force_at"}

    assert set(policy_labels()) == check | {"told"}
