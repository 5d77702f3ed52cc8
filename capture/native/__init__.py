"""The relay's inner loop as compiled C, and what finds it."""
