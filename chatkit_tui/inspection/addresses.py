"""The addresses that an item mentions."""

from __future__ import annotations

from chatkit_tui.document.safe_text import safe_spans, text_pieces
from chatkit_tui.models.items import Item
from chatkit_tui.render import RenderContext
from chatkit_tui.render.items import item_blocks


def addresses_of(item: Item) -> list[str]:
    """Return the addresses in an item that may be opened, each once, in the order of the text.

    They are in the form of `text.links.safe_link`: http, https or mailto, in ASCII.
    """
    pieces = text_pieces(item_blocks(item, RenderContext(now=0)))
    links = (span.style.link for piece in pieces for span in safe_spans(piece))
    return list(dict.fromkeys(link for link in links if link))
