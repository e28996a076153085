"""The async client of the ChatKit API: resources by name, one transport below them."""

from chatkit_tui.api.lean_httpx import import_httpx

import_httpx()  # before the modules below do so in the ordinary way

# ruff: noqa: E402
from chatkit_tui.api.account import DEFAULT_BASE_URL
from chatkit_tui.api.client import ChatKitClient
from chatkit_tui.api.pagination import AsyncPage, Paginator
from chatkit_tui.api.retry import Retry
from chatkit_tui.api.sessions import Sessions
from chatkit_tui.api.threads import Threads

__all__ = [
    "DEFAULT_BASE_URL",
    "AsyncPage",
    "ChatKitClient",
    "Paginator",
    "Retry",
    "Sessions",
    "Threads",
]
