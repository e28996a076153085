"""The former place of the client library: import it from `chatkit_tui.sources.openai`."""

import warnings

from chatkit_tui.sources.openai import (
    DEFAULT_BASE_URL,
    AsyncPage,
    ChatKitClient,
    Paginator,
    Retry,
    Sessions,
    Threads,
)

__all__ = [
    "DEFAULT_BASE_URL",
    "AsyncPage",
    "ChatKitClient",
    "Paginator",
    "Retry",
    "Sessions",
    "Threads",
]

warnings.warn(
    "chatkit_tui.api has moved to chatkit_tui.sources.openai", DeprecationWarning, stacklevel=2
)
