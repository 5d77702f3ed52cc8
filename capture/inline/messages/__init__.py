"""What crosses in a message beside its description: headers, body parts, Refer-To, digits.

Rules over one message. Knows nothing of calls.
"""
