"""Whole families: how seeds and epochs differ, and what of it is luck."""
