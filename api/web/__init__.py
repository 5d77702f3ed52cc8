"""The HTTP interface: reads requests, asks `api.retrieval`, shows answers. Decides nothing."""
