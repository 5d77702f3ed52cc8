"""Monthly column files: a row per recording, agent and outside number; written, erased, scored.

No SQL and no clock; its disk is handed in. Knows row numbers of the catalog and no name of anybody.
"""
