"""The part `api` put together: use cases, server, TLS, seals, health probe."""
