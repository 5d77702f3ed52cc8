"""How well calls are ranked, without catalog, HTTP or words: a drawn world as columns."""
