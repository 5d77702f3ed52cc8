"""SIP as pure machines (RFC 3261): bytes and a clock reading in, outputs out.

No sockets, no clock. Knows nothing of recording, of SDP or of who may call.
"""
