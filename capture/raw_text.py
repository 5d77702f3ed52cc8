"""Raw values of messages as text.

Pure. Knows nothing of what they are values of.
"""


def text_of(raw: bytes) -> str:
    """A raw value as text; what is not UTF-8 stays visible as an escape."""
    return raw.decode("utf-8", "backslashreplace")
