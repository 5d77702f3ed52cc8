"""The self-test: a recording client that plays real speech, also the load generator of `bench/`."""
