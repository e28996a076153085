"""Threads, items and widgets as blocks of text, before they have a width or a format."""
