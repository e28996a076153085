"""Databases of self-hosted servers as sources."""
