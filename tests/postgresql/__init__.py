"""A PostgreSQL server of our own, for the tests that are run on its catalog too."""
