"""Self-test calls to the running node: target, call, what was recorded."""
