"""The error model: for each sort of clue, how it is drawn and how likely it was told."""
