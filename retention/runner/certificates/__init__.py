"""Issues the certificate of an ended run and has it time-stamped.

Knows nothing of how a run destroys.
"""
