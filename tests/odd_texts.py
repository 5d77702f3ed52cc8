"""Odd things that a peer may say of a call: one text of each kind, by what it is.

Knows nothing of how they are said, nor of where they are kept.
"""

from typing import Final

# What an SDP, a header or a document of a call may hold and a telephone number never does.
ODD: Final[dict[str, str]] = {
    "nothing": "",
    "blanks": "   ",
    "NUL": "a\0b",
    "NUL in percent": "a%00b",
    "all controls": "".join(map(chr, range(1, 32))),
    "end of a line": "a\r\nb",
    "delete": "a\x7fb\x9f",
    "a megabyte": "n" * (1 << 20),
    "16 KiB of four bytes each": "\U0001f4de" * 4_096,
    "grows when folded": "\ufdfa" * 2_000,
    "grows in lower case": "\u0390" * 2_000,
    "right to left": "\u202e12345\u202c \u05d0\u05d1\u05d2 \u200f",
    "zero width": "\u200b\u200d\ufeff",
    "combining": "e" + "\u0301" * 500,
    "no character": "\ufffe\uffff\U0010ffff",
    "half a pair": "a\ud800b",
    "SQL": "'; DROP TABLE recording; --",
    "wildcards": "%_\\*?[a]",
    "HTML": "<script>alert(1)</script>&amp;",
    "a template": "{{ 7*7 }} ${jndi:ldap://x} %(x)s {0}",
    "6,000 characters": "c" * 6_000,
    "no UTF-8": b"\xc3\x28\xff".decode("utf-8", "replace"),
}
