"""What another policy would make of the whole archive, kind by kind.

Changes nothing.
"""
