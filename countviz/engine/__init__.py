"""The loops: what runs a cell over a string, looks for the end of its count, and trains it."""
