"""How settings are declared."""

from dataclasses import dataclass, fields

from capture.settings import BOUNDS, ONE_OR_MORE, one_or_more, whole


@dataclass(frozen=True)
class Both:
    """A number and a list."""

    number: int = whole(3, low=1, high=9)
    texts: tuple[str, ...] = one_or_more()


def test_a_setting_carries_its_bounds_and_its_form() -> None:
    """Who reads a configuration finds them beside the default."""
    number, texts = fields(Both)

    assert (Both(), number.metadata[BOUNDS]) == (Both(3, ()), (1, 9))
    assert texts.metadata[ONE_OR_MORE]
