"""What people read of values, reasons and flaws, in English, and times as they type them.

Knows nothing of who reads, on page or terminal.
"""
