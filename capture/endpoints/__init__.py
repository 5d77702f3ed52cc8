"""The sockets of SIP, one module a transport, and those of RTP as signalling opens them.

Bytes in, bytes out. Knows nothing of calls.
"""
