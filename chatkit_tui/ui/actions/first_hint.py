"""Show the main keys at the first start."""

from __future__ import annotations

from functools import partial

from chatkit_tui.ui.actions import ActionHost
from chatkit_tui.ui.threads.status_text import main_keys


class FirstHint:
    """The hint of the first start, which is shown until a key is pressed."""

    def __init__(self, host: ActionHost) -> None:
        self._host = host
        self._is_wanted = host.options.first_start

    def show(self) -> None:
        """Show the hint if it was not shown yet, and remember that it was."""
        if not self._is_wanted:
            return
        host = self._host
        keys, plain = main_keys(host.keys), host.options.plain
        if plain:  # a screen reader reads the messages
            host.status.add(", ".join(keys))
        else:
            host.status.hint(*keys)
        self._is_wanted = not (plain or host.status.has_hint)
        if not self._is_wanted and (remember := host.options.remember) is not None:
            # In a folder that cannot be written it fails silently: the hint is shown again.
            host.app.run_worker(partial(remember, "first_hint", "shown"), thread=True)
