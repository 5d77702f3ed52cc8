"""What targets, opening hours, prompts and emergency numbers must be."""

from pathlib import Path

import pytest

from rokuon.config.peer_rules import inline_problems
from rokuon.config.schema import (
    Config,
    HoursSettings,
    InlineSettings,
    PromptSettings,
    TargetSettings,
)


def target(name: str = "t", uri: str = "sip:192.0.2.30", **change: object) -> TargetSettings:
    """A target, changed."""
    return TargetSettings(name=name, uri=uri, **change)  # type: ignore[arg-type]  # any field


def hours(**change: object) -> HoursSettings:
    """Hours, changed."""
    given: dict[str, object] = {"name": "h", "open": ("mon 09:00-10:00",)}
    return HoursSettings(**given | change)  # type: ignore[arg-type]  # any field


def prompt(name: str = "p", language: str = "ja") -> PromptSettings:
    """A prompt."""
    return PromptSettings(name=name, file=Path("p.wav"), language=language)


def keys(config: Config) -> list[str]:
    """Where there is a problem."""
    return [problem.key for problem in inline_problems(config)]


@pytest.mark.parametrize(
    ("config", "key"),
    [
        (Config(target=(target(uri="192.0.2.30"),)), "target[0].uri"),
        (Config(target=(target(uri="tel:110"),)), "target[0].uri"),
        (Config(target=(target(uri="sip:a b"),)), "target[0].uri"),
        (Config(target=(target(uri="sip:例え.jp"),)), "target[0].uri"),
        (Config(target=(target(uri="sip:a.example?Subject=x"),)), "target[0].uri"),
        (Config(target=(target(uri="sip:a.example:0x1"),)), "target[0].uri"),
        (Config(target=(target(user="u"),)), "target[0].password_file"),
        (Config(target=(target(password_file=Path("p")),)), "target[0].user"),
        (Config(target=(target(register=True),)), "target[0].user"),
        (Config(target=(target(auth_user="a"),)), "target[0].user"),
        (Config(target=(target(address=("10.0.0.1/8",)),)), "target[0].address[0]"),
        (Config(target=(target(sip_advertise="nat"),)), "target[0].sip_advertise"),
        (Config(target=(target(pass_headers=("X-A", "Via")),)), "target[0].pass_headers[1]"),
        (Config(target=(target(), target())), "target[1].name"),
        (Config(target=(target(name=""),)), "target[0].name"),
        (Config(hours=(hours(zone="Asia/Tokio"),)), "hours[0].zone"),
        (Config(hours=(hours(open=()),)), "hours[0].open"),
        (Config(hours=(hours(open=("mon 09:00-10:00", "mon 9-10")),)), "hours[0].open[1]"),
        (Config(hours=(hours(holidays=("2026-02-30",)),)), "hours[0].holidays[0]"),
        (Config(hours=(hours(), hours())), "hours[1].name"),
        (Config(prompt=(prompt(language="japanisch"),)), "prompt[0].language"),
        (Config(prompt=(prompt(), prompt())), "prompt[1].name"),
        (Config(prompt=(prompt(name=""),)), "prompt[0].name"),
        (Config(inline=InlineSettings(emergency=("110", "+81119"))), "inline.emergency[1]"),
        (Config(inline=InlineSettings(emergency=("1",))), "inline.emergency[0]"),
        (Config(inline=InlineSettings(emergency_to=("t",))), "inline.emergency_to[0]"),
    ],
)
def test_what_does_not_fit_is_named_by_its_key(config: Config, key: str) -> None:
    """Each rule has its own place in the file."""
    assert keys(config) == [key]


def test_what_a_site_has_fits() -> None:
    """Registration with a password, TLS, hours over midnight, a prompt in two languages."""
    registered = target(
        "carrier", "sips:carrier.example:5061", user="u", password_file=Path("p"), register=True,
        address=("192.0.2.0/24", "2001:db8::/32"), pass_headers=("X-Agent", "resource-priority"),
    )  # fmt: skip
    config = Config(
        inline=InlineSettings(emergency_to=("carrier", "t")),
        target=(registered, target()),
        hours=(hours(open=("fri 22:00-02:00",), holidays=("2026-12-29/2027-01-03",)),),
        prompt=(prompt(), prompt(language="en"), prompt("other")),
    )

    assert keys(config) == []


@pytest.mark.parametrize("header", ["Via", "X A", "", "X-", "X-Rokuon-Recording", "Contact", "X-é"])
def test_a_header_that_carries_the_call_or_is_ours_may_not_be_passed(header: str) -> None:
    """Whoever passes Via or Contact breaks both calls; what names a recording comes from us."""
    assert keys(Config(target=(target(pass_headers=(header,)),))) == ["target[0].pass_headers[0]"]


def test_a_target_that_there_is_not_is_refused_with_those_that_there_are() -> None:
    """A slip of one letter is seen."""
    inline = InlineSettings(emergency_to=("carier",))
    (alone,) = inline_problems(Config(inline=inline))
    (beside,) = inline_problems(Config(inline=inline, target=(target("carrier"),)))

    assert (alone.help, beside.help) == (
        "add a [[target]] of this name",
        "known here: carrier",
    )
