"""The first line: where one is. It never moves by itself, so there is no clock in it."""

from __future__ import annotations

from chatkit_tui.ui.header_text import header_parts
from chatkit_tui.ui.options import Options
from chatkit_tui.ui.widgets.one_line import OneLine


class Header(OneLine):
    """Host, project or profile, last four of the key; DEMO, READ-ONLY, SLOW, OFFLINE as signs."""

    DEFAULT_CSS = """
    Header { dock: top; }
    """

    def __init__(self, options: Options) -> None:
        super().__init__(id="header")
        self._options = options
        self.say(offline=False, slow=options.slow is True)

    def say(self, *, offline: bool, slow: bool) -> None:
        """Show where one is, whether the server is out of reach, whether the line is spared."""
        self.show(*header_parts(self._options, offline=offline, slow=slow))
