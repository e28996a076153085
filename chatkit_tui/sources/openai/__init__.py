"""The hosted ChatKit API: an async client with the names and keywords of the official SDK."""

from chatkit_tui.sources.http.lean_httpx import import_httpx

import_httpx()  # before the modules below import it with its command line

# ruff: noqa: E402
from chatkit_tui.sources.base import Retry
from chatkit_tui.sources.http.account import DEFAULT_BASE_URL
from chatkit_tui.sources.openai.client import ChatKitClient
from chatkit_tui.sources.openai.pagination import AsyncPage, Paginator
from chatkit_tui.sources.openai.sessions import Sessions
from chatkit_tui.sources.openai.threads import Threads

__all__ = [
    "DEFAULT_BASE_URL",
    "AsyncPage",
    "ChatKitClient",
    "Paginator",
    "Retry",
    "Sessions",
    "Threads",
]
