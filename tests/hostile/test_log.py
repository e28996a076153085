"""What of the wire is told in the log steers no terminal in which somebody reads the log."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.hostile.payloads import PAYLOADS
from tests.text.hazards import hazards_in

_PROGRAM = """
import logging, sys
from pathlib import Path
from chatkit_tui.cli.logs import start_log
from tests.hostile.payloads import PAYLOADS
start_log(Path(sys.argv[1]))
for payload in PAYLOADS:
    logging.getLogger("chatkit_tui").info("the server said %s", payload + "\\nforged")
"""


def test_each_message_is_one_line_of_the_log_with_nothing_hidden_in_it(tmp_path: Path) -> None:
    path = tmp_path / "log"
    # In a process of its own: half an emoji in a message breaks what collects them for reports.
    subprocess.run([sys.executable, "-c", _PROGRAM, path], check=True)  # noqa: S603 # ours
    lines = path.read_text(encoding="utf-8").removesuffix("\n").split("\n")
    assert len(lines) == len(PAYLOADS)
    for line in lines:
        assert hazards_in(line) == []
        assert "INFO chatkit_tui the server said " in line
        assert line.endswith("␊forged")
