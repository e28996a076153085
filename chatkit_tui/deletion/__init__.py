"""The deletion of threads, and its journal."""
