"""Bencode, the encoding of rtpengine's ng protocol: strings, numbers, lists and dictionaries.

Pure bytes. Knows nothing of what is said in it.
"""

from typing import TypeAlias

# What is read is bytes; text is only written, as UTF-8.
Value: TypeAlias = "bytes | str | int | list[Value] | dict[str, Value]"


class BencodeBroken(Exception):
    """The bytes are not one bencoded value."""


def encode(value: Value) -> bytes:
    """One value as bytes; dictionary keys are sorted, as the format asks."""
    match value:
        case str():
            return encode(value.encode())
        case bytes():
            return b"%d:%b" % (len(value), value)
        case int():
            return b"i%de" % value
        case list():
            return b"l" + b"".join(map(encode, value)) + b"e"
        case dict():
            items = (encode(key) + encode(value[key]) for key in sorted(value))
            return b"d" + b"".join(items) + b"e"


def decode(data: bytes) -> Value:
    """The one value in `data`; raises `BencodeBroken`."""
    try:
        value, end = _decode_at(data, 0)
    except (IndexError, ValueError) as broken:
        raise BencodeBroken from broken
    if end != len(data):
        raise BencodeBroken
    return value


def _decode_at(data: bytes, at: int) -> tuple[Value, int]:
    kind = data[at : at + 1]
    if kind == b"i":
        end = data.index(b"e", at)
        return int(data[at + 1 : end]), end + 1
    if kind == b"l":
        return _decode_list(data, at + 1)
    if kind == b"d":
        items, end = _decode_list(data, at + 1)
        keys = [key.decode() for key in items[::2] if isinstance(key, bytes)]
        return dict(zip(keys, items[1::2], strict=True)), end
    colon = data.index(b":", at)
    end = colon + 1 + int(data[at:colon])
    return data[colon + 1 : end], end


def _decode_list(data: bytes, at: int) -> "tuple[list[Value], int]":
    items: list[Value] = []
    while data[at] != ord("e"):
        item, at = _decode_at(data, at)
        items.append(item)
    return items, at + 1
