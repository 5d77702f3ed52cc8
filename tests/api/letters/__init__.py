"""Letters as PDF."""
