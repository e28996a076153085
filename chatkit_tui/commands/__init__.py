"""Every command of the screen, as data, and when it is available."""
