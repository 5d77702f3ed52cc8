"""The stock of prepared prompts."""

from capture.inline.state.prompt_stock import PromptStock, PromptWording


def test_a_prompt_is_found_by_codec_in_whatever_letters() -> None:
    """SDP writes opus, the table OPUS."""
    stock = PromptStock({("notice", "OPUS"): "file"})

    assert stock.file("notice", "opus") == "file"
    assert stock.file("notice", "PCMU") == ""


def test_what_nobody_has_a_wording_for_is_known_by_its_name() -> None:
    """A tone, or a prompt of a predecessor's configuration."""
    known = PromptWording(prompt="notice", language="ja", sha256="ab" * 32)
    stock = PromptStock(wordings={"notice": known})

    assert stock.wording("notice") is known
    assert stock.wording("elsewhere") == PromptWording(prompt="elsewhere")


def test_a_prompt_of_another_stock_comes_with_its_own_files_and_words_alone() -> None:
    """A file of the one under the wording of the other would be untrue evidence."""
    former = PromptStock(
        {("n", "PCMU"): "old", ("x", "PCMU"): "x"}, {"n": PromptWording(prompt="n", text="o")}
    )
    later = PromptStock(
        {("n", "PCMU"): "new", ("n", "OPUS"): "new"}, {"n": PromptWording(prompt="n")}
    )
    both = later.under(former.only({"n"}))

    assert both.files == {("n", "PCMU"): "old"}
    assert both.wording("n").text == "o"
