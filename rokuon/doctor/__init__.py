"""Whether this machine can record what its configuration promises.

Changes nothing.
"""
