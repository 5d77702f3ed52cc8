"""Letters become PDF/A-2a of what they say, text for text, by nothing but this machine."""

import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from api.letters import typesetter
from api.letters.typesetter import (
    FONTS,
    Letter,
    LetterFontMissing,
    LetterRefused,
    LettersNotInstalled,
    Section,
    fonts_missing,
    set_letter,
)
from tests.api.letters.pdf_reader import read

pytest.importorskip("typst", reason="needs the extra 'letters'")

LETTER = Letter(
    title="廃棄証明書",
    author="Rokuon",
    language="ja",
    at_us=1_796_000_000_000_000,
    facts=(("録音", "3 件"),),
    lines=("髙橋様、𠮷野様",),
    sections=(Section(title="text", verbatim="run: 00\nlast: 1"),),
    footer="計画 3",
)
_IN_ITS_OWN = """
import sys
from tests.api.letters.test_typesetter import LETTER
from api.letters.typesetter import set_letter
sys.stdout.buffer.write(set_letter(LETTER))
"""


def test_a_letter_is_a_tagged_pdf_that_lasts(tmp_path: Path) -> None:
    """PDF/A-2a: it is read in ten years, and heard by who does not see it."""
    pdf = set_letter(LETTER)
    told = read("pdfinfo", pdf, tmp_path)
    fonts = read("pdffonts", pdf, tmp_path)

    assert b"<pdfaid:part>2</pdfaid:part>" in pdf
    assert b"<pdfaid:conformance>A</pdfaid:conformance>" in pdf
    assert "廃棄証明書" in told
    assert "Tagged:          yes" in told
    assert all(line.split()[-5:-3] == ["yes", "yes"] for line in fonts.splitlines()[2:])


def test_rare_kanji_of_names_come_from_the_font_behind(tmp_path: Path) -> None:
    """A name is not written otherwise because a font lacks it."""
    pdf = set_letter(LETTER)

    assert "髙橋様、𠮷野様" in read("pdftotext", pdf, tmp_path, "-")
    assert "IPAmjMincho" in read("pdffonts", pdf, tmp_path)
    assert "IPAmjMincho" not in read("pdffonts", set_letter(replace(LETTER, lines=())), tmp_path)


def test_what_stands_in_a_letter_is_text_whatever_it_looks_like(tmp_path: Path) -> None:
    """A caller may call himself a command: nothing is run, read or fetched for it."""
    odd = '#import "@preview/x:1.0.0": * #read("/etc/passwd") *b* $x$ <l> @r "\\" // c'
    telling = replace(LETTER, title=odd, lines=(odd,), footer=odd, facts=())
    text = "".join(read("pdftotext", set_letter(telling), tmp_path, "-").split())

    assert text.count("".join(odd.split())) == 3
    assert "root:" not in text


def test_the_same_letter_is_the_same_bytes() -> None:
    """So that two copies of it can be told to be one."""
    assert set_letter(LETTER) == set_letter(LETTER)
    assert set_letter(LETTER) != set_letter(replace(LETTER, footer="計画 4"))


def test_a_letter_is_set_without_a_network() -> None:
    """In a namespace in which there is none, not even this machine's own."""
    unshare = shutil.which("unshare")
    alone = [str(unshare), "--user", "--map-root-user", "--net"]
    if not unshare or subprocess.run([*alone, "true"], check=False).returncode:
        pytest.skip("no namespace without a network can be made here")
    wanted = [*alone, sys.executable, "-c", _IN_ITS_OWN]
    done = subprocess.run(wanted, check=True, capture_output=True)

    assert done.stdout == set_letter(LETTER)


def test_what_no_font_has_is_refused_and_not_left_out() -> None:
    """An empty box in the place of a name would say that it was there."""
    with pytest.raises(LetterRefused):
        set_letter(replace(LETTER, lines=("\U00012000",)))


def test_without_its_fonts_nothing_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another font would lack half of it."""
    monkeypatch.setattr(typesetter, "FONTS", {"No Such Font": "none"})

    assert fonts_missing() == ["No Such Font"]
    with pytest.raises(LetterFontMissing):
        set_letter(LETTER)


def test_the_fonts_of_letters_are_on_this_machine() -> None:
    """The tests have what the doctor asks for."""
    assert fonts_missing() == []
    assert list(FONTS) == ["BIZ UDPGothic", "IPAmjMincho"]


def test_without_the_extra_nothing_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who runs Rokuon without letters loads none of it."""
    monkeypatch.setitem(sys.modules, "typst", None)

    with pytest.raises(LettersNotInstalled):
        set_letter(LETTER)
    with pytest.raises(LettersNotInstalled):
        fonts_missing()
