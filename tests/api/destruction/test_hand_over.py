"""A plan on its way to the key daemon."""

from fractions import Fraction

import pytest

from api.destruction.hand_over import share_ppm
from archive.ids import DEFAULT_TENANT, PlanId
from archive.keys.guard.plans import PlanTerms

PLAN = PlanId(b"p" * 16)
TERMS = PlanTerms(tenant=DEFAULT_TENANT, digest=bytes(32), due_us=0, share_ppm=0)


@pytest.mark.parametrize(
    ("share", "ppm"),
    [(Fraction(2, 100), 20_000), (Fraction(1, 3), 333_334), (Fraction(1), 1_000_000)],
)
def test_a_share_is_rounded_up_as_the_brake_rounds(share: Fraction, ppm: int) -> None:
    """Else the daemon would stop where the policy does not."""
    assert share_ppm(share) == ppm
