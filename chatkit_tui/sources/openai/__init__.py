"""The hosted ChatKit API: an async client with the names and keywords of the official SDK."""

from chatkit_tui.sources.base import Retry
from chatkit_tui.sources.http import httpx_import  # noqa: F401 - before the others import httpx
from chatkit_tui.sources.http.transport import AT_ONCE
from chatkit_tui.sources.openai.account import DEFAULT_BASE_URL
from chatkit_tui.sources.openai.client import ChatKitClient
from chatkit_tui.sources.openai.pagination import AsyncPage, Paginator
from chatkit_tui.sources.openai.sessions import Sessions
from chatkit_tui.sources.openai.threads import Threads

__all__ = [
    "AT_ONCE",
    "DEFAULT_BASE_URL",
    "AsyncPage",
    "ChatKitClient",
    "Paginator",
    "Retry",
    "Sessions",
    "Threads",
]
