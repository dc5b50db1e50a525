"""What a model's internals do along a string, and where else they do the same."""
