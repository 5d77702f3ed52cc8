"""What tests of numbers held share."""

from archive.access.reach import NumberRange

TOKYO_NUMBERS = frozenset({NumberRange.parse("+81312*")})


MOBILES = frozenset({NumberRange.parse("+8190*"), NumberRange.parse("2001-2009")})
