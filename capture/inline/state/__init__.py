"""An inline call as a value: ends, stages, plan, events and commands; and the store of all calls.

Knows nothing of what follows on an event.
"""
