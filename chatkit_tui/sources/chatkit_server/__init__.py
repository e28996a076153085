"""Servers that teams run themselves, most often with the package `openai-chatkit`."""

from chatkit_tui.sources.http import httpx_import  # noqa: F401 - before the others import httpx
