"""What the prompts of the package say."""

from rokuon.prompts.wordings import WORDINGS


def test_every_wording_is_there_in_both_languages() -> None:
    """Japanese and English from the start."""
    names = {name.rpartition("-")[0] for name in WORDINGS}

    assert {f"{name}-{language}" for name in names for language in ("ja", "en")} == set(WORDINGS)
    assert all(name.endswith(language) for name, (language, _) in WORDINGS.items())


def test_each_says_that_the_call_is_recorded() -> None:
    """That is what it is for."""
    assert all("録音" in text or "recorded" in text for _, text in WORDINGS.values())
