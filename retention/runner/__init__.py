"""The part that destroys: picks a plan, judges anew, destroys keys, then files.

Knows nothing of who asked for the plan (`api`).
"""
