"""Taking a program's output apart: which sequences a terminal would obey."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from chatkit_tui.text.links import safe_link
from tests.text.hazards import hazards_in

SEQUENCE: Final = re.compile(
    "\x1b\\](?P<osc>[^\x07\x1b]*)(?:\x07|\x1b\\\\)"
    "|\x1b\\[(?P<csi>[0-9;:<=>?]*[ -/]*[@-~])"
    "|\x1b(?P<dcs>[PX^_])[^\x1b]*\x1b\\\\"
    "|\x1b(?P<short>[ -/]*[0-~])"
)

OWN_CSI: Final = re.compile(
    r"[0-9;:]*m"  # colors
    r"|[0-9;]*H"  # where to write
    r"|\?(?:1000|1003|1004|1006|1015|1016|1049|2004|2026|2048|25|7)[hl]"  # modes
    r"|\?(?:2026|2048)\$p"  # what the terminal can do
    r"|[<>=]?[0-9]*u|\?u"  # the keyboard protocol
    r"|J|[0-2]?K|[0-9]*[LMX]|(?:[0-9]+;[0-9]+)?r"  # erasing, moving rows
    r"|6n|[0-9]*[ABCDG]|!p|[0-9]* q|>[0-9;]*[mq]|[0-9;]*t"
)
"""What the program and its toolkit send, and nothing beside."""


def foreign_sequences(output: str) -> Iterator[str]:
    """What stands in the output and is neither text that may be shown nor the program's own."""
    done = 0
    for match in SEQUENCE.finditer(output):
        yield from _text_hazards(output[done : match.start()])
        done = match.end()
        if match["csi"] is not None:
            if not OWN_CSI.fullmatch(match["csi"]):
                yield match[0]
        elif match["osc"] is not None:
            if not _is_own_command(match["osc"]):
                yield match[0]
        elif match["short"] not in {"7", "8", "=", ">", "(B"}:
            yield match[0]
    yield from _text_hazards(output[done:])


def _is_own_command(command: str) -> bool:
    """Whether an operating system command is a link to a checked address, or the pointer's shape.

    The toolkit gives each link an id.
    """
    number, _, rest = command.partition(";")
    if number == "22":
        return rest in {"default", "pointer", "text"}
    identifier, _, address = rest.partition(";")
    if number != "8":
        return False
    return not address or (identifier.startswith("id=") and safe_link(address) == address)


def _text_hazards(text: str) -> list[str]:
    return hazards_in(text.replace("\r", "").replace("\n", ""))


def clipboard_writes(output: str) -> list[str]:
    """The payloads of the clipboard writes in the output, still in base64."""
    return re.findall("\x1b\\]52;c;([^\x07\x1b]*)", output)
