"""Requests over HTTP: connections, retries, limits and errors."""
