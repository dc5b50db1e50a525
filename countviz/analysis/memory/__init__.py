"""What a memory beside a controller holds, how surely it is used, and how soon it forgets."""
