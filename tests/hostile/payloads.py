"""Texts that do harm where they are trusted."""

from __future__ import annotations

from typing import Final

OSC_52: Final = "\x1b]52;c;cm0gLXJmIH4=\x07"
"""Writes the clipboard."""

PAYLOADS: Final = (
    "[@click=app.quit]x[/]",
    "[@click=app.bell]x[/@click=app.bell]",
    "[/b]",
    "[bold red link=https://evil.example]y[/]",
    "[on red]w [$error]v[/] \\[u]",
    ":smiley: {name} %s",
    OSC_52 + "clip",
    "\x1b]8;;https://evil.example\x1b\\link\x1b]8;;\x1b\\",
    "\x1b]0;title\x07\x1b]2;title\x1b\\",
    "\x1b[2J\x1b[H\x1b[31mred\x1b[?1049l",
    "\x1bPq#0;2;0;0;0#0~~\x1b\\\x1b_Gf=24;AAAA\x1b\\",
    "\x9b31m\x9d52;c;cm0=\x9c\x90\x98\x9e\x9f",
    "back\x08\x08\x08\rover\x0b\x0c\x7f\x00",
    "invoice\u202egpj.exe\u202c \u2066a\u2069\u2067b \u200e\u200f\u061c",
    "tags\U000e0068\U000e0069\U000e007f \U000e0100",
    "zero" + "\u200b\u200c\u200d\u2060\ufeff" * 60 + "width",
    "marks" + "\u0301" * 500 + "!",
    "\ud83d half \udc00",
    "line\u2028sep\u2029par\x85next",
    "private\ue000\U000f0000\U0010ffff\ufffe",
    "[a](javascript:alert(1)) [b](file:///etc/passwd) <data:text/html,x> ![c](http://i.example/p)",
    "[bank](https://bank.example@evil.example/) https://bank.example:p@evil.example",
    "[p](https://аррӏе.example) https://bаnk.example/\u202e",
    "</text><script>x</script>&#27;[31m&#x202e;",
)
"""Each kind of harm once."""

LONG_LINE: Final = "word\u200b" * 6_000
"""30,000 characters, a fifth of which hide."""
LONG_ID: Final = "cti_" + "f" * 10_000 + "/[@click=app.quit]x[/]\x1b[31m"
