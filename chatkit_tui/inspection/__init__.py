"""What a support engineer asks across many threads, without screen code."""
