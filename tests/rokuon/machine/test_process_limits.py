"""What is asked of the kernel."""

import os
import resource
from collections.abc import Iterator

import pytest

from rokuon.machine.process_limits import CLOSED_TO_OTHERS, close_to_others, raise_descriptors
from tests import ROOT


@pytest.fixture
def limits_afterwards() -> Iterator[None]:
    """The process's own limits stay."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    mask = os.umask(0)
    os.umask(mask)
    yield
    resource.setrlimit(
        resource.RLIMIT_NOFILE, (before[0], resource.getrlimit(resource.RLIMIT_NOFILE)[1])
    )
    os.umask(mask)


@pytest.mark.usefixtures("limits_afterwards")
def test_a_low_soft_limit_is_raised() -> None:
    """Distributions start with 1,024: enough for 250 calls."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (512, hard))

    assert raise_descriptors(800) == 800
    assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] == 800


@pytest.mark.usefixtures("limits_afterwards")
def test_a_sufficient_limit_is_left_alone() -> None:
    """Whoever set it knew why."""
    soft = resource.getrlimit(resource.RLIMIT_NOFILE)[0]

    assert raise_descriptors(1) == soft


@pytest.mark.usefixtures("limits_afterwards")
def test_new_files_are_closed_to_others() -> None:
    """Whatever the mask of who starts us."""
    os.umask(0)
    close_to_others()

    assert os.umask(0o007) == 0o007


def test_the_units_say_the_mask_that_the_process_sets() -> None:
    """A unit that said another would be believed by whoever reads only the unit."""
    units = sorted((ROOT / "deploy/systemd").glob("*.service"))

    assert units
    for unit in units:
        assert f"UMask={CLOSED_TO_OTHERS:04o}\n" in unit.read_text(), unit.name
