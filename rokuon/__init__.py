"""The composition root: command line, configuration, clock, supervisor. Nothing imports it."""
