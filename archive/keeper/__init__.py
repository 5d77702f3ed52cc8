"""The keeper: takes what capture left in the spool into the archive, step by step (K1–K6).

Knows nothing of SIP, RTP or who will listen.
"""
