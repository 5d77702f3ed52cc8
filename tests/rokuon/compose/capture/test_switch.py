"""Routes, targets and prompts, put together for signalling."""

from pathlib import Path

import pytest
from structlog.testing import capture_logs

from capture.prompts.prompt import prompt_at
from capture.prompts.sound import MAX_FILE_BYTES
from rokuon.compose.capture.switch import prompts_of, switch_of
from rokuon.compose.processes.sockets import prompts_path
from rokuon.config.load import parse
from rokuon.config.schema import Config
from rokuon.prompts.built_in import FOLDER

INLINE = """\
[[target]]
name = "pbx"
uri = "sip:192.0.2.30"
[[route]]
name = "support"
to = ["pbx"]
notice = ["notice-ja"]
"""


def config(text: str, base: Path) -> Config:
    return parse(text, name="rokuon.toml", base=base)


def test_a_node_without_routes_prepares_nothing(tmp_path: Path) -> None:
    """SIPREC alone needs no prompt."""
    plain = config("", tmp_path)

    assert not plain.has_inline
    assert switch_of(plain).stock.files == {}
    assert not prompts_path(plain).exists()


def test_what_a_route_plays_is_ready_and_what_none_plays_is_not_made(tmp_path: Path) -> None:
    """In every codec that can be encoded here."""
    switch = switch_of(config(INLINE, tmp_path))
    names = {name for name, _ in switch.stock.files}

    assert "notice-ja" in names
    assert "notice-en" not in names
    assert "ringback-japan" in names
    file = switch.stock.file("notice-ja", "PCMU")
    assert (prompts_path(config(INLINE, tmp_path)) / file).is_file()
    assert switch.stock.wordings["notice-ja"].language == "ja"
    assert (
        switch.stock.wordings["notice-ja"].sha256
        == prompt_at(FOLDER / "notice-ja.flac", name="x", language="ja", text="").sha256
    )


def test_a_prompt_in_two_languages_is_found_with_its_language(tmp_path: Path) -> None:
    """And the first without."""
    text = "".join(
        f'[[prompt]]\nname = "ours"\nfile = "{FOLDER}/notice-{language}.flac"\n'
        f'language = "{language}"\ntext = "t"\n'
        for language in ("ja", "en")
    )
    named = dict(prompts_of(config(INLINE + text, tmp_path)))

    assert {"ours", "ours/ja", "ours/en", "notice-ja", "notice-ja/ja"} == set(named)
    assert named["ours"].language == "ja"
    assert named["ours/en"].language == "en"


def test_a_prompt_that_is_not_there_is_told_and_left_out(tmp_path: Path) -> None:
    """Its routes then do what they say of a notice that cannot be played."""
    text = '[[prompt]]\nname = "ours"\nfile = "none.wav"\nlanguage = "ja"\ntext = "t"\n'

    with capture_logs() as logs:
        assert "ours" not in dict(prompts_of(config(INLINE + text, tmp_path)))
    assert [entry["event"] for entry in logs] == ["a prompt cannot be read"]


@pytest.mark.parametrize("content", [None, b"no sound"])
def test_prompts_of_which_nothing_can_be_played_are_named(
    tmp_path: Path, content: bytes | None
) -> None:
    """With their languages; what a reload keeps of before depends on it."""
    if content is not None:
        (tmp_path / "ours.wav").write_bytes(content)
    text = '[[prompt]]\nname = "ours"\nfile = "ours.wav"\nlanguage = "JA"\n'
    switch = switch_of(config(INLINE + text, tmp_path))

    assert switch.unread == ("ours/ja",)
    assert "ours" not in switch.stock.wordings


def test_a_file_that_is_far_too_large_is_left_out_like_one_that_is_not_there(
    tmp_path: Path,
) -> None:
    """A slip in the configuration must not end signalling."""
    with (tmp_path / "film.wav").open("wb") as file:
        file.truncate(MAX_FILE_BYTES + 1)
    text = '[[prompt]]\nname = "ours"\nfile = "film.wav"\n'

    assert "ours" not in dict(prompts_of(config(INLINE + text, tmp_path)))


@pytest.mark.parametrize(("latch", "told"), [("signalled", 0), ("nat", 1), ("any", 1)])
def test_at_each_start_it_is_said_whose_media_others_might_take(
    tmp_path: Path, latch: str, told: int
) -> None:
    """A port that somebody knows is enough: with `nat` too, before a peer is heard."""
    text = INLINE.replace('uri = "sip:192.0.2.30"', f'uri = "sip:192.0.2.30"\nlatch = "{latch}"')
    with capture_logs() as logs:
        switch_of(config(text, tmp_path))

    assert [each["peers"] for each in logs if "peers" in each] == [["target pbx"]] * told
