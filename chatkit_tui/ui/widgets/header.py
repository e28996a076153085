"""The first line of the screen. It has no clock, so that an idle screen sends nothing."""

from __future__ import annotations

from chatkit_tui.ui.header_text import header_parts
from chatkit_tui.ui.options import Options
from chatkit_tui.ui.widgets.one_line import OneLine


class Header(OneLine):
    """Host, project, the end of the key, and badges."""

    DEFAULT_CSS = """
    Header { dock: top; }
    """

    def __init__(self, options: Options) -> None:
        super().__init__(id="header")
        self._options = options
        self.say(offline=False, slow=options.slow is True)

    def say(self, *, offline: bool, slow: bool) -> None:
        """Show whether the server is unreachable and whether the terminal's connection is slow."""
        self.show(*header_parts(self._options, offline=offline, slow=slow))
