"""How well a call is found that somebody remembers: a world, what people say of it, an oracle."""
