"""Inline calls: a back-to-back user agent that plays the notice, bridges and records. No I/O."""
