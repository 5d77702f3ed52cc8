"""What a recording tells of its call: events, legs, holds, pauses, gaps, corrections, facts.

Pure values. Knows nothing of files, keys or tables.
"""
