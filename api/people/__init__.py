"""People, services and what their roles allow."""
