"""The prompts that come with Rokuon, and what is asked of those that a site brings."""
