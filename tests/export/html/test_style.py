"""The style sheet is readable in both schemes and refers to nothing."""

from __future__ import annotations

import re
from itertools import product

import pytest

from chatkit_tui.export.html.page import style_sheet

ENOUGH_CONTRAST = 4.5
"""What WCAG 2.2 asks of text."""
TEXTS = ("text", "dim", "accent", "red", "yellow", "green", "cyan", "blue", "magenta", "grey")


def colors(scheme: str) -> dict[str, str]:
    """Return the colors of a scheme by name."""
    blocks = re.findall(r":root \{(.*?)\}", style_sheet(), re.DOTALL)
    found: dict[str, str] = {}
    for block in blocks if scheme == "dark" else blocks[:1]:
        found |= dict(re.findall(r"--(\w+): #([0-9a-f]{6})", block))
    return found


def luminance(color: str) -> float:
    parts = [int(color[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(share * part for share, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_has_enough_contrast(scheme: str) -> None:
    known = colors(scheme)
    for name, behind in product(TEXTS, ("page", "fill")):
        low, high = sorted((luminance(known[name]), luminance(known[behind])))
        assert (high + 0.05) / (low + 0.05) >= ENOUGH_CONTRAST, (name, behind)


def test_it_refers_to_nothing() -> None:
    assert not re.search(r"url\(|@import|@font-face|</|<!", style_sheet())
