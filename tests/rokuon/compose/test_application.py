"""The use cases over a configuration."""

from api.limits import Limits, Pace
from rokuon.compose.application import limits_of, services
from rokuon.config.schema import HttpSettings
from tests.rokuon.installation import Installation


async def test_what_the_use_cases_need_is_opened_from_the_configuration(
    site: Installation,
) -> None:
    """National numbers are read as the first source has them."""
    async with services(site.config) as needed:
        assert needed.place.country == "JP"
        assert needed.sign_in.idle_us == 30 * 60_000_000
        assert needed.sign_in.longest_us == 12 * 3_600_000_000
        assert needed.sign_in.key.raw == site.config.sign_in_key.read_bytes()
        assert needed.node.path == site.config.run_path / "status.sock"  # type: ignore[attr-defined]


def test_how_often_may_be_asked_is_configured() -> None:
    """A program that asks for many gets more; the limit of guesses stays as it is."""
    limits = limits_of(HttpSettings(requests_per_s=7, burst=9))

    assert limits == Limits(each_token=Pace(per_s=7, burst=9))
