"""What countviz finds out by itself: the models it ships, and the studies it reproduces."""
