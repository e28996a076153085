"""The hosted ChatKit API: an async client with the names and keywords of the official SDK."""

import sys

if "httpx" not in sys.modules:
    # With Rich and click installed, `import httpx` imports its command line, a third of the time.
    # None in `sys.modules` makes that import fail, for which httpx allows.
    sys.modules["httpx._main"] = None  # type: ignore[assignment] # documented by Python
    try:
        from chatkit_tui.sources.http import endpoint  # noqa: F401 - the first to import httpx
    except ImportError:  # httpx needs it after all; the imports below say what is missing
        pass
    finally:
        del sys.modules["httpx._main"]

from chatkit_tui.sources.base import Retry
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
