"""What must be so before a key is opened or destroyed: plans, brake, openings, certification.

Knows nothing of sockets.
"""
