"""What tests of marked rows share."""

from archive.reach import NumberRange

NOBODYS = frozenset({NumberRange.parse("+499*")})
