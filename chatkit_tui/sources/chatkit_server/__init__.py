"""Servers that teams run themselves, most often with the package `openai-chatkit`."""
