"""The first line: where one is. It never moves by itself, so there is no clock in it."""

from __future__ import annotations

from chatkit_tui.text.plain import own
from chatkit_tui.text.visible import visible
from chatkit_tui.ui.options import Options
from chatkit_tui.ui.part_styles import Part
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
        options = self._options
        left: list[Part] = [(" ChatKit ", "strong")]
        places = [options.host, options.project]
        if options.key_hint:
            places.append(f"key {own('…')}{options.key_hint[-4:]}")
        for place in places:
            if place:
                left += [("  ", "plain"), (visible(place), "plain")]
        signs = [
            sign
            for sign, on in (
                ("DEMO", options.demo),
                ("READ-ONLY", options.read_only),
                ("SLOW", slow),
                ("OFFLINE", offline),
            )
            if on
        ]
        right: list[Part] = []
        for sign in signs:
            right += [(f" {sign} ", "chip"), (" ", "plain")]
        self.show(left, right)
