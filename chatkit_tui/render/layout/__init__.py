"""The layout engine: blocks and boxes in, lines of styled text out.

`blocks` lays out running text, lists and folds of any depth from the top down; `box`, `flow`,
`frames` and `table` measure and place what stands side by side. Each can contain the other.
"""

from __future__ import annotations

from chatkit_tui.render.layout.blocks import Layout, arrange, lay_out, more_lines

__all__ = ["Layout", "arrange", "lay_out", "more_lines"]
