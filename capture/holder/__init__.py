"""What outlives a process of capture: the holder's sockets, and the shared memories in its hands.

Knows where each byte lies. Knows nothing of what a packet, a call or a recording is.
"""
