"""Every text in every language, and which language is spoken."""

import string
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

import api
import rokuon
from rokuon.messages import i18n

SOURCES = (Path(rokuon.__file__).parent, Path(api.__file__).parent)
# As rokuon/locale/babel.cfg has it.
KINDS = [("**.py", "python"), ("**/templates/**.html", "jinja2")]
JAPANESE = i18n.LOCALE_PATH / "ja/LC_MESSAGES/rokuon.po"


@pytest.fixture
def english_afterwards() -> Iterator[None]:
    """The language belongs to the process."""
    yield
    i18n.speak("en")


def texts_in_the_code() -> set[str]:
    """The argument of every `tr`, of every `said` of the API, and of every `_` of its templates."""
    keywords: dict[str, None] = {"tr": None, "said": None, "_": None}
    found = (
        each
        for folder in SOURCES
        for each in extract_from_dir(folder, method_map=KINDS, keywords=keywords)
    )
    return {str(message) for _, _, message, _, _ in found}


def catalogue() -> Catalog:
    """The Japanese catalogue."""
    with JAPANESE.open("rb") as file:
        return read_po(file, locale="ja")


def fields(text: str) -> set[str]:
    """The placeholders of a text."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_every_text_has_its_japanese_and_nothing_is_left_over() -> None:
    """Run `make messages` and fill in what it added."""
    translated = {str(message.id) for message in catalogue() if message.id and message.string}

    assert translated == texts_in_the_code()


def test_destruction_has_one_word_in_japanese() -> None:
    """廃棄, as records management has it; packets alone are thrown away (破棄)."""
    others = {str(message.id) for message in catalogue() if "破棄" in str(message.string)}

    assert others == {"discarded", "lost: {lost}, thrown away: {discarded}, of {packets} packets"}


def test_a_translation_has_the_placeholders_of_its_source() -> None:
    """A slip there would be an error at the worst moment."""
    for message in catalogue():
        if message.id:
            assert fields(str(message.id)) == fields(str(message.string)), message.id


def test_the_compiled_catalogue_is_that_of_its_source() -> None:
    """What is committed is what is spoken."""
    compiled = BytesIO()
    write_mo(compiled, catalogue())

    assert JAPANESE.with_suffix(".mo").read_bytes() == compiled.getvalue()


@pytest.mark.parametrize(
    ("arguments", "environment", "language"),
    [
        (["--lang", "ja"], {"LANG": "en_US.UTF-8"}, "ja"),
        (["--lang=ja"], {}, "ja"),
        ([], {"LANG": "ja_JP.UTF-8"}, "ja"),
        ([], {"LANG": "ja_JP.UTF-8", "LC_ALL": "en_US.UTF-8"}, "en"),
        ([], {"ROKUON_LANG": "ja", "LC_ALL": "C"}, "ja"),
        (["--lang"], {}, "en"),
        ([], {}, "en"),
    ],
)
def test_the_option_comes_before_the_environment(
    arguments: list[str], environment: dict[str, str], language: str
) -> None:
    """Whoever asks for a language gets it."""
    assert i18n.choose(arguments, environment) == language


@pytest.mark.usefixtures("english_afterwards")
def test_a_language_that_we_do_not_have_is_english() -> None:
    """An unknown language is no reason to fail."""
    i18n.speak("ja")
    japanese = i18n.tr("the defaults")
    i18n.speak("fr")

    assert japanese == "既定値"
    assert (i18n.language(), i18n.tr("the defaults")) == ("en", "the defaults")


@pytest.mark.usefixtures("english_afterwards")
def test_words_of_a_language_are_had_whichever_is_spoken() -> None:
    """The API answers each reader in its own."""
    i18n.speak("ja")

    assert (i18n.words_in("en", "the defaults"), i18n.words_in("ja", "the defaults")) == (
        "the defaults", "既定値",
    )  # fmt: skip


# What was said in two words, and what the trade avoids: エージェント is a program, 告知 a verdict.
ONE_WORD = {
    "応対者": ("担当者", "エージェント"),
    "接続元": ("送信元", "ソース"),
    "経路": ("ルート",),
    "お知らせ": ("告知", "アナウンス"),
    "ガイダンス": ("プロンプト",),
    "タイムゾーン": ("時間帯", "時刻帯"),
    "発信／着信": ("発呼", "着呼"),
    "通話": ("コール",),
}


@pytest.mark.parametrize(("word", "others"), ONE_WORD.items())
def test_a_thing_has_one_word_in_japanese(word: str, others: tuple[str, ...]) -> None:
    """Two words are taken for two things."""
    texts = [str(message.string) for message in catalogue() if message.id]

    assert [text for text in texts if any(other in text for other in others)] == []
    assert any(part in text for text in texts for part in word.split("／"))
