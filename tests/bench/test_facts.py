"""Tests of what is said of a machine."""

import json
import platform

from bench.facts import cpu_model, first_line, machine_facts, volume_of

MOUNTS = "/dev/a / ext4 rw 0 0\ntmpfs /var tmpfs rw 0 0\n/dev/b /var/spool xfs rw 0 0\n"


def test_a_program_that_is_not_there_is_said_not_to_be() -> None:
    """The peer is missing on many machines; its column is then empty, not the run broken."""
    assert first_line(["no-such-program-of-anybody"]) == "not installed"
    assert first_line(["printf", "one\ntwo\n"]) == "one"


def test_the_processor_is_named_by_its_model() -> None:
    """Other processors have other figures; some do not say what they are."""
    assert cpu_model("processor: 0\nmodel name\t: Some CPU @ 2 GHz\n") == "Some CPU @ 2 GHz"
    assert cpu_model("processor: 0\n") == platform.machine()


def test_a_folder_lies_on_the_volume_that_is_mounted_nearest_above_it() -> None:
    """A disk in memory syncs in no time, and that must show beside the figure."""
    assert volume_of("/var/spool/rokuon", MOUNTS) == "xfs"
    assert volume_of("/var/lib/rokuon", MOUNTS) == "tmpfs"
    assert volume_of("/srv", MOUNTS) == "ext4"


def test_the_facts_can_be_written_and_name_no_host() -> None:
    """They are published; a host's name is nobody's business."""
    facts = machine_facts()

    assert {"cpu", "kernel", "cores", "python", "numpy", "gcc", "rtpengine"} <= facts.keys()
    assert platform.node() not in json.dumps(facts).split()
