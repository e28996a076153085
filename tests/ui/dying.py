"""`chatkit-tui` with an error built in: `python -m tests.ui.dying PLACE …`; what is after PLACE is
the command line of the program.

Every error has a key in its message, in the message behind it and in a variable.
"""

from __future__ import annotations

import sys
from inspect import iscoroutinefunction
from typing import NoReturn

import pytest

from chatkit_tui.__main__ import main
from chatkit_tui.ui.actions.questions import GoToActions
from chatkit_tui.ui.app import ChatKitApp
from chatkit_tui.ui.screens.browse import BrowseScreen
from chatkit_tui.ui.transcript.view import TranscriptView

CANARY = "sk-proj-canary-5up3r53cr3t"
PLACES: dict[str, tuple[type, str]] = {
    "key": (BrowseScreen, "action_help"),
    "worker": (GoToActions, "_retrieve"),
    "start": (BrowseScreen, "compose"),
    "drawing": (TranscriptView, "render_lines"),
    "end": (ChatKitApp, "on_unmount"),
}
"""Where the error is raised, by name: a class and the method that raises."""


def _fail(*_: object, **__: object) -> NoReturn:
    canary = CANARY
    try:
        raise ValueError(canary)
    except ValueError as error:
        raise RuntimeError(f"nobody saw {canary}\n coming") from error


async def _fail_later(*_: object, **__: object) -> NoReturn:
    _fail()


if __name__ == "__main__":
    owner, name = PLACES[sys.argv.pop(1)]
    assert hasattr(owner, name)
    is_work = iscoroutinefunction(getattr(owner, name))
    pytest.MonkeyPatch().setattr(owner, name, _fail_later if is_work else _fail)
    main()
