"""Side-by-side measurements: our player, the limit, and what a user would write instead."""
