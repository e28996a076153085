"""Synchronize an archive with a source of threads."""
