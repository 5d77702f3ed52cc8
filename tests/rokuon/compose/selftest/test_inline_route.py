"""By which route a self-test calls: it can ring nobody."""

from pathlib import Path

import pytest

from rokuon.compose.selftest.inline_route import BLOCK, RouteUnfit, selftest_route
from rokuon.config.load import parse
from rokuon.config.schema import Config
from tests import ROOT

CATCH_ALL = """\
[[target]]
name = "carrier"
uri = "sip:192.0.2.40"
[[route]]
name = "all"
to = ["carrier"]
"""


def config(text: str) -> Config:
    return parse(text, name="-", base=Path("/data"))


def test_the_block_that_is_shown_is_one_that_will_do() -> None:
    """Who pastes it needs nothing more."""
    route = selftest_route(config(BLOCK))

    assert (route.host, route.port) == ("127.0.0.9", 5_099)
    assert route.route.notice == ("notice-ja",)


def test_a_route_for_everybody_may_stand_behind_it() -> None:
    """As it does in the example configuration."""
    assert selftest_route(config(BLOCK + CATCH_ALL)).port == 5_099


def test_a_route_that_takes_its_calls_before_it_is_refused() -> None:
    """It would ring a customer."""
    with pytest.raises(RouteUnfit, match=r"^route$"):
        selftest_route(config(_taking(BLOCK)))


def _taking(text: str) -> str:
    """A route before it that takes what comes from the self-test's caller."""
    head, _, route = text.partition("[[route]]")
    other = CATCH_ALL + 'source = ["selftest"]\nhours = "h"\n'
    hours = '[[hours]]\nname = "h"\nopen = ["mon-sun 00:00-24:00"]\n'
    return head + hours + other + "[[route]]" + route


@pytest.mark.parametrize(
    ("old", "new", "setting"),
    [
        ('[[source]]\nname = "selftest"', '[[source]]\nname = "other"', "[[source]]"),
        ('[[target]]\nname = "selftest"', '[[target]]\nname = "other"', "[[target]]"),
        ('[[route]]\nname = "selftest"', '[[route]]\nname = "other"', "[[route]]"),
        ("sip:127.0.0.9:5099", "sip:192.0.2.40:5099", "target.uri"),
        ("sip:127.0.0.9:5099", "sip:localhost:5099", "target.uri"),
        ("sip:127.0.0.9:5099", "sip:127.0.0.9", "target.uri"),
        ("sip:127.0.0.9:5099", "sips:127.0.0.9:5099", "target.uri"),
        ("sip:127.0.0.9:5099", "sip:127.0.0.9:5099;transport=tcp", "target.uri"),
        ("check_s = 0", "check_s = 30", "target.check_s"),
        ("127.0.0.9/32", "127.0.0.0/8", "source.address"),
        ("127.0.0.9/32", "127.0.0.8/32", "source.address"),
        (
            '["127.0.0.9/32"]',
            '["127.0.0.9/32"]\nsrtp = "require"',
            "source.user, certificate, srtp",
        ),
        ('notice = ["notice-ja"]', "notice = []", "route.notice"),
        ('notice = ["notice-ja"]', 'notice = ["notice-ja"]\nnotice_to = "both"', "route.notice_to"),
        ('direction = "inbound"', 'direction = "outbound"', "route.direction"),
        ('direction = "inbound"', 'direction = "inbound"\nrecord = "no"', "route.record"),
        (
            'direction = "inbound"',
            'direction = "inbound"\nrecord_from = "with-notice"',
            "route.record_from",
        ),
        (
            'direction = "inbound"',
            'direction = "inbound"\nnotice_when = "answer-first"',
            "route.notice_when",
        ),
    ],
)
def test_what_is_otherwise_is_named(old: str, new: str, setting: str) -> None:
    """Anything that could reach somebody, or of which a step would say something wrong."""
    text = BLOCK.replace(old, new)
    if "other" in new:
        text = text.replace('source = ["selftest"]', "source = []").replace(
            'to = ["selftest"]', f'to = ["{"other" if "target" in new else "selftest"}"]'
        )

    with pytest.raises(RouteUnfit) as unfit:
        selftest_route(config(text))

    assert str(unfit.value) == setting


def test_the_example_configuration_has_the_block_as_a_comment() -> None:
    """What is shown is what is documented."""
    example = (ROOT / "deploy/rokuon.toml").read_text()
    commented = "\n".join(f"#{line}" if line else "" for line in BLOCK.splitlines())

    assert commented in example
