"""What durability is made of: files that are whole or not there, the store, room on disks.

Knows nothing of what lies in them.
"""
