"""The stock of prepared prompts."""

from capture.inline.steps import Stock


def test_a_prompt_is_found_by_codec_in_whatever_letters() -> None:
    """SDP writes opus, the table OPUS."""
    stock = Stock({("notice", "OPUS"): "file"})

    assert stock.file("notice", "opus") == "file"
    assert stock.file("notice", "PCMU") == ""
