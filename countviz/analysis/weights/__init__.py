"""What weights would count exactly, and what changing them does."""
