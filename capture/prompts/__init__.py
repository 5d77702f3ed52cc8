"""What callers hear of us: the notice and tones, made ready for the relay. Knows no call."""
