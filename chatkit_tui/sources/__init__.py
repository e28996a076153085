"""Where conversations come from, and how their lists are walked."""
