"""Two dialogs made one call: set up, changed, told of recording, ended. Steps of the machine.

Knows nothing of SIP messages, nor of what is recorded.
"""
