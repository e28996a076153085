"""Keys and client secrets that got into a text where they have no business."""

from __future__ import annotations

import re

from chatkit_tui.text.plain import own

_SECRET = re.compile(r"(?<![A-Za-z0-9])(sk-|ek_)[\w.-]{8,}")


def without_secrets(text: str) -> str:
    """The text with `sk-…` and `ek_…` in the place of whatever looks like a key or a client
    secret of the API."""
    return _SECRET.sub(rf"\1{own('…')}", text)
