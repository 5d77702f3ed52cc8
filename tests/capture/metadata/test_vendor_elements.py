"""Elements that RFC 7865 does not have."""

from capture.metadata.snapshot_reader import parse_metadata
from capture.metadata.vendor_elements import extensions_of, within
from tests.capture.siprec.documents import recording

OWN = '<session session_id="{}"><x xmlns="urn:v"><y>{}</y></x></session>'
ROOT = '<z xmlns="urn:v">root</z>'


def names(body: str, call: str) -> list[str]:
    found = extensions_of(parse_metadata(recording(body)), call)
    return [f"{each.name} {each.text}".strip() for one in found for each in within(one)]


def test_what_stands_anywhere_is_of_the_only_call() -> None:
    """BroadWorks writes it behind everything else."""
    assert names(OWN.format("c", "1") + ROOT, "c") == ["x", "y 1", "z root"]


def test_of_several_calls_each_has_what_stands_in_it() -> None:
    """What stands outside of all of them might be anybody's."""
    body = OWN.format("c", "1") + OWN.format("d", "2") + ROOT

    assert names(body, "d") == ["x", "y 2"]
