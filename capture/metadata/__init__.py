"""What messages say of a call beside SDP: bodies, rs-metadata (RFC 7865), ids of vendors.

Pure values. Knows nothing of sessions, recordings or sources.
"""
