"""What people and programs ask of the archive. Never meets capture."""
