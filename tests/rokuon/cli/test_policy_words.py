"""The words of codes of policies."""

from rokuon.cli.policy_words import policy_labels, policy_words


def test_what_a_check_says_has_names() -> None:
    """Each line of it; and what a telling of events says."""
    check = {"sha256", "care", "because", "compared_with", "in_force_at"}

    assert set(policy_labels()) == check | {"told"}


def test_every_code_has_a_word() -> None:
    """In English a sentence of its own, too."""
    words = policy_words()

    assert set(words["policy_state"]) == {"called_back", "cooling_off", "in_force", "replaced"}
    assert set(words["because"]) == {"shortens", "bulk"}
