"""A world as the archive gets it: what the keeper would hand to the catalog of each call."""
