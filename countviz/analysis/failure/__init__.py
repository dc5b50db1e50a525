"""Where a model goes wrong: its first mistake, the shortest string that fools it."""
