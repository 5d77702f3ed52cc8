"""What every route shares: who asks, language, problems, ranges, types.

Knows no route.
"""
