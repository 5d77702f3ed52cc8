"""What must have gone by now, as the doctor looks at it."""

from pathlib import Path

from api.destruction.figures import NO_FIGURES
from rokuon.config.load import parse
from rokuon.doctor.overdue_facts import retention_figures


def test_of_a_catalog_that_is_not_there_nothing_is_overdue(tmp_path: Path) -> None:
    """The doctor looks before the first start, too."""
    config = parse("", name="test.toml", base=tmp_path)

    assert retention_figures(config, 0) == NO_FIGURES
