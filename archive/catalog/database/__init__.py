"""How the catalog's database is opened, what it refuses, and what guards its rows.

Knows nothing of the tables' meaning.
"""
