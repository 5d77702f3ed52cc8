"""The recording server's side of SIPREC (RFC 7866): sessions set up, changed, described, asked.

No I/O. Knows nothing of inline calls.
"""
