"""What each target begins with: one small input of every kind that it has to know."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final

from tests.render.examples import EXAMPLES
from tests.render.widgets.gallery import GALLERY
from tests.terminal.payloads import NOT_UTF8, PASTED, SEQUENCES, STRINGS, bracketed

_TEXTS: Final = (
    "plain words",
    "\x1b]52;c;cm0=\x07\x1b[2J\x9b31m\r\b",
    "invoice\u202egpj.exe\u2069 pay\u200bpal",
    "👩🏽‍❤️‍💋‍👨🏽 🇩🇪 1️⃣ 🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
    "\u0645\u06cc\u200c\u062e \u0915\u094d\u200d\u0937 \u0cb0\u200d\u0ccd\u0caf",
    "e" + "\u0301" * 40,
    "日本語のことば、「括弧」です。",
    "one\ttwo\r\nthree\u2028four",
)
_MARKDOWN: Final = (
    "# A\n\n- b\n  1. c\n\n> d\n\n```python\nx = 1\n```\n\n---\n",
    "| a | b |\n|---|:-:|\n| `c` | **d** |\n",
    "[a](https://b.example 'c') ![d](x) <https://e.example> ~~f~~ <b>\n\n[g]: /h",
)
_LINKS: Final = ("b.example/c?d#e", "a@b.example", "пример.example:80/ü", "[::1]/", "a:b@c/")
_FILTERS: Final = (
    'refund -s:closed u:"ada lovelace" since:7d',
    "until:2026-11-01T14:05 is:unanswered -is:x @a -@a since:x",
    '"not closed u:',
)
_JSON: Final = ('{"a": [1.50, "\\u202e", null], "a": {}}', '["', '{"a": NaN}')


def _encoded(*texts: str) -> tuple[bytes, ...]:
    return tuple(b"\x27" + text.encode("utf-8", "surrogatepass") for text in texts)


SEEDS: Final[Mapping[str, tuple[bytes, ...]]] = {
    "sanitize": _encoded(*_TEXTS),
    "wrapping": _encoded(*_TEXTS),
    "markdown": _encoded(*_TEXTS, *_MARKDOWN),
    "json": _encoded(*_JSON),
    "models": tuple(b"\x27" + item.raw for item in EXAMPLES.values())
    + _encoded('{"data": [{"id": "a"}], "has_more": true}'),
    "widgets": _encoded(*(json.dumps(tree) for tree in GALLERY.values())),
    "links": _encoded(*_LINKS),
    "copying": _encoded(*_TEXTS) + tuple(b"\x27" + item.raw for item in EXAMPLES.values()),
    "lists": (
        b'{"id": "a", "b": [1, {"c": "d\\\\\\""}]}, {"id": null}, "x", 1.5e3, [[]], true',
        b'{"object": "list", "data": [{"id": "\\u00e4"}], "has_more": false} ',
    ),
    "titles": _encoded(*_TEXTS),
    "filter": _encoded(*_FILTERS),
    "input": tuple(
        bytes([len(sent) // 2 % 256, pause]) + sent
        for sent in (*STRINGS[:-1], *SEQUENCES, *NOT_UTF8, *map(bracketed, PASTED[:-1]))
        for pause in (0, 3, 30)
    ),
}
"""For each target, by its name."""
