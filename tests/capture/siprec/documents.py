"""Metadata documents as recording clients write them."""

import re
from typing import Final

GROUPED_CALL: Final = """\
<?xml version="1.0" encoding="UTF-8"?>
<recording xmlns="urn:ietf:params:xml:ns:recording:1">
  <datamode>complete</datamode>
  <group group_id="Zq0/Q7Qk+GWv1W0nV9J3Lw==">
    <associate-time>2026-11-25T09:59:00Z</associate-time>
    <desk xmlns="urn:example:desk">claims</desk>
  </group>
  <session session_id="p9oN2E/2SvKk1t+7m3H5pQ==">
    <sipSessionID>f81d4fae7dec11d0a76500a0c91e6bf6;remote=00112233445566778899aabbccddeeff</sipSessionID>
    <reason cause="200" protocol="SIP">call completed elsewhere</reason>
    <group-ref>
      Zq0/Q7Qk+GWv1W0nV9J3Lw==
    </group-ref>
    <start-time>2026-11-25T10:00:00Z</start-time>
    <stop-time>2026-11-25T19:05:00+09:00</stop-time>
  </session>
  <participant participant_id="Y3VzdG9tZXIgb2Ygb3Vycw==">
    <nameID aor="tel:+81355550100">
      <name xml:lang="ja">田中 花子</name>
      <name xml:lang="en">Hanako Tanaka</name>
    </nameID>
  </participant>
  <participant participant_id="YWdlbnQgb24gdGhlIGRlc2s=">
    <nameID aor="sip:%2B4021;phone-context=desk@pbx.example.com;user=phone">
      <name>Desk &amp; Co</name>
    </nameID>
  </participant>
  <stream stream_id="c3RyZWFtIG9uZQ==" session_id="p9oN2E/2SvKk1t+7m3H5pQ==">
    <label>96</label>
  </stream>
  <stream stream_id="c3RyZWFtIHR3bw==" session_id="p9oN2E/2SvKk1t+7m3H5pQ==">
    <label>97</label>
  </stream>
  <sessionrecordingassoc session_id="p9oN2E/2SvKk1t+7m3H5pQ==">
    <associate-time>2026-11-25T10:00:01Z</associate-time>
  </sessionrecordingassoc>
  <participantsessionassoc participant_id="Y3VzdG9tZXIgb2Ygb3Vycw=="
      session_id="p9oN2E/2SvKk1t+7m3H5pQ==">
    <associate-time>2026-11-25T10:00:02Z</associate-time>
    <disassociate-time>2026-11-25T10:04:00Z</disassociate-time>
    <param pname="audio" pval="TRUE"/>
  </participantsessionassoc>
  <participantstreamassoc participant_id="Y3VzdG9tZXIgb2Ygb3Vycw==">
    <send>c3RyZWFtIG9uZQ==</send>
    <recv>c3RyZWFtIHR3bw==</recv>
    <associate-time>2026-11-25T10:00:03Z</associate-time>
  </participantstreamassoc>
  <participantstreamassoc participant_id="YWdlbnQgb24gdGhlIGRlc2s=">
    <send>c3RyZWFtIHR3bw==</send>
    <recv>c3RyZWFtIG9uZQ==</recv>
  </participantstreamassoc>
</recording>
"""

# The same while the call is up.
OPEN_CALL: Final = re.sub("<stop-time>.*</stop-time>", "", GROUPED_CALL).encode()

# Element and attribute names of the drafts; no offset in times; directions in the participant.
DRAFT_CALL: Final = """\
<recording xmlns="urn:ietf:params:xml:ns:recording" xmlns:v="urn:example:vendor">
  <dataMode>complete</dataMode>
  <session id="call-1">
    <v:trunk>north</v:trunk>
  </session>
  <participant id="party-1" session="call-1">
    <nameID aor="sip:4021@pbx.example.com"><name>4021</name></nameID>
    <send>stream-1</send>
    <associate-time>2026-11-25T19:00:00</associate-time>
  </participant>
  <stream id="stream-1" session="call-1"><label>1</label></stream>
</recording>
"""

# As BroadWorks writes it: another root, ids as elements, an address as an element, the call's own
# data in an extension beside.
BROADWORKS_CALL: Final = """\
<?xml version="1.0" encoding="UTF-8"?>
<recording_metadata xmlns="urn:ietf:params:xml:ns:siprec">
  <dataMode>complete</dataMode>
  <recording id="urn:uuid:rec"><requestor>SRC</requestor><type>selective</type></recording>
  <group id="urn:uuid:grp" recording="urn:uuid:rec">
    <initiator>sip:4021@example.com</initiator>
  </group>
  <session id="urn:uuid:ses" group="urn:uuid:grp">
    <start-time>2026-11-25T19:00:00+09:00</start-time>
  </session>
  <participant id="urn:uuid:one" session="urn:uuid:ses">
    <aor>sip:4021@example.com</aor>
    <send><id>urn:uuid:both</id></send>
  </participant>
  <participant id="urn:uuid:two" session="urn:uuid:ses">
    <aor>sip:+81355550100@example.com;user=phone</aor>
    <send><id>urn:uuid:both</id></send>
  </participant>
  <stream id="urn:uuid:both" session="urn:uuid:ses"><label>1</label><mode>mixed</mode></stream>
  <extensiondata id="urn:uuid:ext" parent="urn:uuid:ses">
    <broadWorksRecordingMetadata xmlns="http://schema.broadsoft.com/broadworksCallRecording"
        version="3.0">
      <extTrackingID>152463:1</extTrackingID>
      <callID>callhalf-177056759:5</callID>
      <recordingType>on</recordingType>
    </broadWorksRecordingMetadata>
  </extensiondata>
</recording_metadata>
"""


def recording(*members: str) -> bytes:
    """A document with these members."""
    body = "".join(members)
    return f'<recording xmlns="urn:ietf:params:xml:ns:recording:1">{body}</recording>'.encode()
