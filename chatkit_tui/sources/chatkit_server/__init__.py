"""Servers that teams run themselves, most often with the package `openai-chatkit`."""

from chatkit_tui.sources import http  # noqa: F401 - the first to import httpx
