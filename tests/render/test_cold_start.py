"""What the first screen needs is cheap to import; the rest is imported when it is first used."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
import sys
import chatkit_tui.render.layout, chatkit_tui.document.from_markdown, chatkit_tui.document.code
import chatkit_tui.document.from_json, chatkit_tui.text.times
from chatkit_tui.text.sanitize import sanitize
from chatkit_tui.text.width import cells
cells(sanitize("Grüße, 日本, 👍🏽, \\x1b"))
print(*sorted({name.partition(".")[0] for name in sys.modules}))
"""


def test_drawing_plain_text_imports_no_parser_and_no_tables() -> None:
    run = subprocess.run(  # noqa: S603 - this interpreter and the program above
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True
    )
    heavy = {"markdown_it", "pygments", "wcwidth", "rich", "textual", "pydantic", "httpx"}
    assert heavy.isdisjoint(run.stdout.split())
