"""Inline calls: a back-to-back user agent that plays the notice, bridges and records. No I/O.

In this folder itself the server: which SIP is which event, and what follows. Knows no SIPREC.
"""
