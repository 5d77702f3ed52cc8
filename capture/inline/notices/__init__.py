"""What parties are told of recording, when, and what they say to it: steps of the call's machine.

Knows nothing of audio, SIP messages or routes.
"""
