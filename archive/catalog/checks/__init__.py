"""Every row read and held against another: seals, register and journal, index and events.

Changes nothing but seals.
"""
