"""Items and conversations as text, Markdown and JSON, for all that leaves the program."""
