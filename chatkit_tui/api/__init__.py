"""The former place of the client library: import it from `chatkit_tui.sources.openai`."""

import warnings

from chatkit_tui.sources.openai import *  # noqa: F403 - exactly its `__all__`

warnings.warn(
    "chatkit_tui.api has moved to chatkit_tui.sources.openai", DeprecationWarning, stacklevel=2
)
