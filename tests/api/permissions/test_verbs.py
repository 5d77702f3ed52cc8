"""The words of what may be asked or done."""

from api.permissions.verbs import Verb


def test_the_scopes_of_earlier_tokens_are_verbs() -> None:
    """A token that was made before there were roles goes on."""
    before = {
        "calls:search", "calls:read", "audio:listen", "audio:export", "live:read", "live:control",
    }  # fmt: skip

    assert before <= {verb.value for verb in Verb}
