"""What SIP says in the dialogs of a call, as its events; our requests there that change nothing.

Knows nothing of what the call makes of an event.
"""
