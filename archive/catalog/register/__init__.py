"""What is added to recordings and not derived: holds, corrections, limits, jobs, kept facts.

Appended to, never rebuilt. Knows nothing of who may.
"""
