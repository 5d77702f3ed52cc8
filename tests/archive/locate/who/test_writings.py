"""How a name that is told may be written."""

from archive.locate.who.writings import told_words


def test_the_writings_of_a_name_are_worked_out_once() -> None:
    """Hundreds are compared for each, and each call that is shown asks for them again."""
    once = told_words("さいとう")

    assert once
    assert told_words("さいとう") is once
