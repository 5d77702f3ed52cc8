"""A year of a Japanese call centre, drawn by seed: who, when, what is kept."""
