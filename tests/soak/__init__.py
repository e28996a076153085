"""Long use in small: keys, sizes and faults at random against the built-in API on loopback."""
