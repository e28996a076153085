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


async def warm_up() -> None:
    """Import them in a thread, one after the other; when this is cancelled, no more of them."""
    for name in MODULES:
        await asyncio.to_thread(import_module, name)
