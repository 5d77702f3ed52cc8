"""The stock of prepared prompts."""

from capture.inline.notices.stock import Stock, Wording


def test_a_prompt_is_found_by_codec_in_whatever_letters() -> None:
    """SDP writes opus, the table OPUS."""
    stock = Stock({("notice", "OPUS"): "file"})

    assert stock.file("notice", "opus") == "file"
    assert stock.file("notice", "PCMU") == ""


def test_what_nobody_has_a_wording_for_is_known_by_its_name() -> None:
    """A tone, or a prompt of a predecessor's configuration."""
    known = Wording(prompt="notice", language="ja", sha256="ab" * 32)
    stock = Stock(wordings={"notice": known})

    assert stock.wording("notice") is known
    assert stock.wording("elsewhere") == Wording(prompt="elsewhere")
