"""Databases of self-hosted ChatKit servers as sources of threads, read-only."""
