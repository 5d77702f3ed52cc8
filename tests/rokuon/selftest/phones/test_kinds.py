"""Which phones there are, which Python runs one, and what its program is started with."""

import re
import sys
from pathlib import Path

import pytest

from rokuon.selftest.phones import kinds as phone_kinds
from rokuon.selftest.phones.kinds import (
    KINDS,
    Handset,
    Phone,
    PhoneKind,
    PhoneMissing,
    Station,
    find_handset,
    order_to_call,
    settings_of,
)

PROGRAMS = Path(phone_kinds.__file__).parent / "programs"
SERVER = ("127.0.0.1", 5_060)


def needing(module: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the phone's library be that module."""
    kind = PhoneKind(module, "some-package", "pjsua", "confirmed")
    monkeypatch.setattr(phone_kinds, "KINDS", {Phone.PJSUA2: kind})


def python(folder: Path, code: int) -> Path:
    """One that can import everything, or nothing."""
    made = folder / f"python-{code}"
    made.write_text(f"#!/bin/sh\nexit {code}\n")
    made.chmod(0o755)
    return made


def station(folder: Path) -> Station:
    return Station(
        folder=folder, says=folder / "says.wav", host="127.0.0.9", port=5_070, media_port=30_000,
        server=SERVER, user="selftest",
    )  # fmt: skip


def test_the_python_that_runs_is_enough_where_it_has_the_library(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The extra is installed beside Rokuon."""
    needing("json", monkeypatch)

    found = find_handset(Phone.PJSUA2, python(tmp_path, 0))

    assert found == Handset(Phone.PJSUA2, Path(sys.executable))


def test_else_the_python_that_was_given_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It lies in an environment of its own."""
    needing("no_such_library", monkeypatch)
    given = python(tmp_path, 0)

    assert find_handset(Phone.PJSUA2, given) == Handset(Phone.PJSUA2, given)


def test_a_library_that_nobody_has_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the Python that was given is none at all."""
    needing("no_such_library", monkeypatch)
    for given in (None, python(tmp_path, 1), tmp_path / "nowhere"):
        with pytest.raises(PhoneMissing) as missing:
            find_handset(Phone.PJSUA2, given)

        assert missing.value.phone is Phone.PJSUA2


@pytest.mark.parametrize("phone", Phone)
def test_a_program_is_started_with_everything_that_it_reads(phone: Phone, tmp_path: Path) -> None:
    """What scenarios ask for beyond that, their own programs read."""
    source = (PROGRAMS / f"{KINDS[phone].program}.py").read_text()
    read = set(re.findall(r'asked\["(\w+)"\]', source))

    assert read
    assert read <= settings_of(phone, station(tmp_path)).keys()


def test_either_phone_calls_the_same_user_at_its_server() -> None:
    """The one by a URI; the other knows its server already."""
    assert order_to_call(Phone.PJSUA2, "rokuon-selftest", SERVER) == {
        "uri": "sip:rokuon-selftest@127.0.0.1:5060",
    }
    assert order_to_call(Phone.PYVOIP, "rokuon-selftest", SERVER) == {"number": "rokuon-selftest"}
