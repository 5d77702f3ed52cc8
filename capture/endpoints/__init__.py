"""The sockets of SIP, one module a transport: bytes in, bytes out."""
