"""What the first thread that is opened needs, imported while nobody waits for it.

Markdown, the highlighter and the models of items are a tenth of a second, and the reader's first
Enter would wait for it.
"""

from __future__ import annotations

import asyncio
from importlib import import_module
from typing import Final

MODULES: Final = (
    "chatkit_tui.models.items",
    "chatkit_tui.models.threads",
    "chatkit_tui.feed",
    "chatkit_tui.render.items",
    "chatkit_tui.render.threads",
    "chatkit_tui.render.markdown",
    "markdown_it",
    "chatkit_tui.render.code",
    "pygments.lexers",
    "chatkit_tui.render.widgets",
)
"""In the order in which they are likely to be wanted."""

WARM_UP_AFTER: Final = 0.6
"""Seconds that the first keys have for themselves; nobody has read a list in less."""


async def preload(seconds: float) -> None:
    """After so many seconds, import them in a thread, one after the other.

    When this is cancelled, no more of them.
    """
    await asyncio.sleep(seconds)
    for name in MODULES:
        await asyncio.to_thread(import_module, name)
