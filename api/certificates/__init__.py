"""Certificates of destruction: made when a run ends, stamped by others, shown, handed out."""
