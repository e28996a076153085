"""One thread being read: a window over its items that draws only what it touches."""
