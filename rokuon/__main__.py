"""`python -m rokuon` and the console command."""


def main() -> None:
    """Run the command line."""
