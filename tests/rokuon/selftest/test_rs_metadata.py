"""Tests of the metadata that the self-test sends."""

import xml.etree.ElementTree as ET  # our own document is read, nobody else's
from datetime import UTC, datetime

from rokuon.selftest.rs_metadata import MetadataIds, Party, render_recording

NAMESPACE = "{urn:ietf:params:xml:ns:recording:1}"
IDS = MetadataIds(session="s+/=", participants=("p1", "p2"), streams=("t1", "t2"))
CUSTOMER = Party(aor='sip:"<&>"@carrier.example', name="佐藤 & <Söhne>", language="ja")
AGENT = Party(aor="sip:201@pbx.example", name="田中", language="ja")
AT = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)


def rendered() -> ET.Element:
    return ET.fromstring(render_recording(IDS, (CUSTOMER, AGENT), AT))  # noqa: S314 - ours


def test_names_and_addresses_come_back_as_they_were_given() -> None:
    """Characters that mean something in XML are part of people's names."""
    participants = rendered().findall(f"{NAMESPACE}participant")
    names = [one.find(f"{NAMESPACE}nameID/{NAMESPACE}name") for one in participants]
    aors = [one.find(f"{NAMESPACE}nameID") for one in participants]

    assert [one.text for one in names if one is not None] == [CUSTOMER.name, AGENT.name]
    assert [one.get("aor") for one in aors if one is not None] == [CUSTOMER.aor, AGENT.aor]


def test_each_stream_has_the_label_of_its_media_line_and_one_sender() -> None:
    """Label → stream → sender is how the recorder knows who is heard (RFC 7865 §6)."""
    document = rendered()
    labels = {
        stream.get("stream_id"): stream.findtext(f"{NAMESPACE}label")
        for stream in document.findall(f"{NAMESPACE}stream")
    }
    senders = {
        one.get("participant_id"): one.findtext(f"{NAMESPACE}send")
        for one in document.findall(f"{NAMESPACE}participantstreamassoc")
    }

    assert labels == {"t1": "1", "t2": "2"}
    assert senders == {"p1": "t1", "p2": "t2"}


def test_every_association_is_dated_with_a_zone() -> None:
    """A time without zone is somebody's guess later."""
    times = [one.text for one in rendered().iter(f"{NAMESPACE}associate-time")]

    assert times == ["2026-11-25T09:30:00.000+00:00"] * 3
