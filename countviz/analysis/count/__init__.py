"""How a count is read from a model: from its answers, from its state, from its weights."""
