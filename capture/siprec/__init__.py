"""The recording server's side of SIPREC (RFC 7865, RFC 7866). No I/O."""
