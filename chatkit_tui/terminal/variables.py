"""Environment variables that would steer the program by way of Textual."""

from __future__ import annotations

from collections.abc import MutableMapping


def hide_from_textual(environment: MutableMapping[str, str]) -> None:
    """Remove the variables that Textual reads: among others they press keys and write files.

    Call it before Textual is imported, since most are read then.
    """
    for name in tuple(environment):
        if name == "TEXTUAL" or name.startswith("TEXTUAL_"):
            del environment[name]
