"""A catalog with a world in it: by the product's own code, or in bulk with the same rows."""
