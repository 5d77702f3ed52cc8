"""Inline calls: answered here, told that they are recorded, bridged and recorded (no I/O)."""
