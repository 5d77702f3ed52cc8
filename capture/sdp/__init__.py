"""Session descriptions and offer/answer (RFC 8866, RFC 3264). No I/O.

Knows nothing of SIP messages, calls or media sockets.
"""
