"""How close to 0 and 1 the gates are."""
