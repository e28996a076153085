"""Keys on their way to the screen."""
