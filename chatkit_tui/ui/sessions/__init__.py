"""The session panel: its form, its card, its list."""
