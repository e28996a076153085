"""The first threads, on the terminal before the screen is."""

from __future__ import annotations

import os
from itertools import islice
from typing import TYPE_CHECKING

from chatkit_tui.ui.first_picture import Size, first_picture
from chatkit_tui.ui.stage.live import is_wanted
from chatkit_tui.ui.threads.rows import row_of_entry

if TYPE_CHECKING:
    from chatkit_tui.cli.skeleton import Skeleton
    from chatkit_tui.models.pages import Page
    from chatkit_tui.models.threads import Thread
    from chatkit_tui.ui.options import Options


def draw_threads(skeleton: Skeleton, options: Options, page: Page[Thread]) -> None:
    """Draw what came; an empty list is left to the screen, which says more about it.

    So is everything without a stage, which alone knows how to go on from a picture.
    """
    size = skeleton.size
    if size is not None and page.entries and is_wanted(os.environ):
        rows = [row_of_entry(entry) for entry in islice(page.entries, size[1])]
        skeleton.draw(first_picture(options, rows, Size(*size)))
