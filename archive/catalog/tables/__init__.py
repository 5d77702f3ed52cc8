"""The catalog's tables, typed, with what stands in a cell.

Knows nothing of what is written or asked.
"""
