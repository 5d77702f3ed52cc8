"""The use cases over a configuration."""

from rokuon.compose.application import services
from tests.rokuon.installation import Installation


async def test_what_the_use_cases_need_is_opened_from_the_configuration(
    site: Installation,
) -> None:
    """National numbers are read as the first source has them."""
    async with services(site.config) as needed:
        assert needed.country == "JP"
        assert needed.node.path == site.config.run_path / "status.sock"  # type: ignore[attr-defined]
