"""Scans, problems, figures, notes and comparison of threads, without screen code."""
