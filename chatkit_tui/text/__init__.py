"""Text: sanitizing, width, line breaking, links, times and comparison."""
