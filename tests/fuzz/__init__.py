"""Targets for a coverage-guided fuzzer: `python -m tests.fuzz NAME SECONDS`."""
