"""What signing in is made of."""

from pathlib import Path

from api.sign_in.terms import FailureCounts, SignInTerms
from tests.api.sign_in_terms import TERMS
from tests.api.signing import HOME, signing
from tests.archive.catalog.examples import MINUTE_US, NOW_US


def test_a_session_of_the_steps_lives_half_an_hour_and_a_full_one_twelve() -> None:
    """Who has gone away between two steps begins anew."""
    terms = SignInTerms(key=TERMS.key)

    assert terms.lifetime("full", 0).expires_us == 12 * 60 * MINUTE_US
    for stage in ("second", "enrol"):
        assert terms.lifetime(stage, 0).expires_us == 30 * MINUTE_US  # type: ignore[arg-type]
    assert terms.lifetime("full", 0).idle_us == 30 * MINUTE_US


def test_failures_are_told_once_a_minute_and_none_is_lost() -> None:
    """Of each person for itself."""
    failures = FailureCounts()
    told = [failures.count("sato", us) for us in (0, 1, MINUTE_US - 1, MINUTE_US, MINUTE_US + 1)]

    assert told == [1, 0, 0, 3, 0]
    assert failures.count("ono", 2) == 1
    assert (failures.left("sato"), failures.left("sato"), failures.left("nobody")) == (1, 0, 0)


async def test_a_browser_is_known_from_the_first_full_sign_in_on(tmp_path: Path) -> None:
    """Not from a step before it: else any password would do."""
    async with signing(tmp_path) as it:
        it.it.person("ono")
        half = await it.sign_in.with_code(it.code("ono"), HOME)
        full, _ = await it.enrol("sato")
        browsers = it.ground.attempts.browsers

    assert half.browser == ""
    assert browsers.known(full.browser, "sato")
    assert not browsers.known(full.browser, "ono")
    assert it.it.now_us > NOW_US
