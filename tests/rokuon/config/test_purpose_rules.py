"""What purposes must be."""

from pathlib import Path

import pytest

from rokuon.config.config_problems import ConfigRefused
from rokuon.config.load import parse
from rokuon.config.schema import Config

TARGET = '[[target]]\nname = "pbx"\nuri = "sip:192.0.2.30"\n'
ROUTE = TARGET + '[[route]]\nname = "r"\nto = ["pbx"]\n'
SOURCE = '[[source]]\nname = "s"\naddress = ["192.0.2.1/32"]\n'


def read(text: str) -> Config:
    return parse(text, name="test.toml", base=Path("/"))


@pytest.mark.parametrize("head", [ROUTE, SOURCE])
@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ('"quality"', ("quality",)),
        ('["quality", "dispute"]', ("quality", "dispute")),
        ('""', ()),
        ("[]", ()),
    ],
)
def test_one_purpose_needs_no_brackets(head: str, written: str, meant: tuple[str, ...]) -> None:
    """As it was written before there could be several."""
    config = read(f"{head}purpose = {written}\n")
    table = config.route[0] if head == ROUTE else config.source[0]

    assert table.purpose == meant


@pytest.mark.parametrize("head", [ROUTE, SOURCE])
@pytest.mark.parametrize(
    ("written", "column"),
    [('"orders"', 11), ('["orders"]', 12), ('["quality", "orders"]', 23), ('"Quality"', 11)],
)
def test_a_purpose_that_nobody_may_state_is_refused_where_it_stands(
    head: str, written: str, column: int
) -> None:
    """Its recordings would be there for nobody but for cases."""
    text = f"{head}purpose = {written}\n"
    with pytest.raises(ConfigRefused) as refused:
        read(text)
    (problem,) = refused.value.problems

    assert problem.code == "CFG-106"
    assert (problem.position.line, problem.position.column) == (text.count("\n"), column)
    assert "legal_duty" in problem.help


def test_a_site_has_its_own_purposes() -> None:
    """They take the place of those that come with it."""
    access = '[access]\npurposes = ["orders", "quality"]\n'

    assert read(f'{ROUTE}purpose = "orders"\n{access}').access.purposes == ("orders", "quality")
    with pytest.raises(ConfigRefused):
        read(f'{ROUTE}purpose = "dispute"\n{access}')


@pytest.mark.parametrize("code", ["", "case:7", "Quality", "7up", "注文", "x" * 65])
def test_a_code_is_a_plain_word(code: str) -> None:
    """It is typed, put into a header and told apart from a case."""
    with pytest.raises(ConfigRefused) as refused:
        read(f'[access]\npurposes = ["quality", "{code}"]\n')
    (problem,) = refused.value.problems

    assert problem.key == "access.purposes[1]"
