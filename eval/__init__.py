"""An evaluation of finding remembered calls: a world, what people say of it, an oracle."""
