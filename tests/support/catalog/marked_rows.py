"""What tests of marked rows share."""

from archive.access.reach import NumberRange

NOBODYS = frozenset({NumberRange.parse("+499*")})
