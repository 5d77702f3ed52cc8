"""Events that say whose packets a stream hears."""

import msgspec
import pytest

from archive.call.events import decode_event


def test_a_rule_that_no_version_knows_is_no_event() -> None:
    """Whoever guessed would hear the wrong one."""
    with pytest.raises(msgspec.ValidationError):
        decode_event(b'{"type":"stream_latched","at_us":1,"stream":0,"rule":"loudest"}')
