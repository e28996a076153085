"""Open the screen: what is shown and requested while Textual is imported."""
