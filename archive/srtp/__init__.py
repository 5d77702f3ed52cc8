"""Secure RTP as it was received, opened when somebody listens (RFC 3711, 4568, 6188, 7714)."""
