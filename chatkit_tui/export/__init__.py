"""Items and threads as text, Markdown, HTML, JSON and Parquet, and their redaction."""
