"""Legal holds as the doctor looks at them."""

from pathlib import Path

from archive.catalog.register.legal_holds import NO_HOLDS
from rokuon.config.load import parse
from rokuon.doctor.hold_facts import legal_holds


def test_of_a_catalog_that_is_not_there_no_hold_is_known(tmp_path: Path) -> None:
    """The doctor looks before the first start, too."""
    config = parse("", name="test.toml", base=tmp_path)

    assert legal_holds(config, 0) == NO_HOLDS
