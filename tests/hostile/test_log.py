"""What of the wire is told in the log steers no terminal in which somebody reads the log."""

from __future__ import annotations

import logging
from pathlib import Path

from chatkit_tui.cli.log import ROOT, start_log
from tests.hostile.payloads import PAYLOADS
from tests.text.hazards import hazards_in


def test_each_message_is_one_line_of_the_log_with_nothing_hidden_in_it(tmp_path: Path) -> None:
    path = tmp_path / "log"
    level, propagate = ROOT.level, ROOT.propagate
    start_log(path)
    try:
        for payload in PAYLOADS:
            logging.getLogger("chatkit_tui.api").info("the server said %s", payload + "\nforged")
    finally:
        handler = ROOT.handlers[-1]
        ROOT.removeHandler(handler)
        handler.close()
        ROOT.level, ROOT.propagate = level, propagate
    lines = path.read_text(encoding="utf-8").removesuffix("\n").split("\n")
    assert len(lines) == len(PAYLOADS)
    for line in lines:
        assert hazards_in(line) == []
        assert "INFO chatkit_tui.api the server said " in line
        assert line.endswith("␊forged")
