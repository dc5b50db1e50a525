"""The cause of a mistake: what was still possible, since when not, and which step did it."""
