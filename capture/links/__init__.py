"""What the processes of capture say to each other, and the sockets on which signalling says it.

Knows nothing of SIP, nor of what anybody makes of a message.
"""
