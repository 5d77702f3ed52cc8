"""Who asks for which recordings and why: requests, reach, use, purposes, approvals, what was asked.

Pure values. Knows nothing of how an answer is found.
"""
