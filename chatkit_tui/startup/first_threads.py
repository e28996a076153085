"""The first threads, on the terminal before the screen is."""

from __future__ import annotations

import os
from itertools import islice
from typing import TYPE_CHECKING

from chatkit_tui.terminal.live_renderer import is_wanted
from chatkit_tui.ui.first_frame import Size, draw_first_frame
from chatkit_tui.ui.threads.rows import row_of_entry

if TYPE_CHECKING:
    from chatkit_tui.models.page import Page
    from chatkit_tui.models.threads import Thread
    from chatkit_tui.startup.splash import Splash
    from chatkit_tui.ui.options import Options


def draw_threads(skeleton: Splash, options: Options, page: Page[Thread]) -> None:
    """Draw what came; an empty list is left to the screen, which says more about it.

    So is everything without a stage, which alone knows how to go on from a picture.
    """
    size = skeleton.size
    if size is not None and page.entries and is_wanted(os.environ):
        rows = [row_of_entry(entry) for entry in islice(page.entries, size[1])]
        skeleton.draw(draw_first_frame(options, rows, Size(*size)))
