"""Plans of destruction with an actor: drafted, approved, handed over, stopped, looked at.

Destroys nothing itself.
"""
