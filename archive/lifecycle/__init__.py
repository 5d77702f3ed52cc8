"""What protects a recording and what ends it: legal holds, measures, retention events, tombstones.

Pure values, and the removal of files. Knows nothing of who decides.
"""
