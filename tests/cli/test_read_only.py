"""Read-only mode by flag, environment and profile: changes are rejected before a request."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatkit_tui.cli.sources import open_source
from chatkit_tui.config.access import Access
from chatkit_tui.config.settings import Settings
from chatkit_tui.emulator import DEMO_KEY, Emulator
from chatkit_tui.errors import ReadOnlyError
from chatkit_tui.models.sessions import SessionRequest
from chatkit_tui.secrets import Secret
from tests.cli.conftest import Command

CHANGES = (
    ("threads", "delete", "--yes", "cthr_1"),
    ("threads", "delete", "cthr_1"),
    ("sessions", "create", "--user", "ada", "--workflow", "wf_support"),
    ("sessions", "cancel", "cksess_1"),
)


@pytest.mark.parametrize("way", ["flag", "environment", "profile", "top of the file"])
def test_commands_that_change_something_are_rejected(
    chatkit: Command,
    emulator: Emulator,
    address: str,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    way: str,
) -> None:
    before: tuple[str, ...] = ()
    file = tmp_path / "config.toml"
    monkeypatch.setenv("CHATKIT_TUI_CONFIG", str(file))
    file.write_text("")
    if way == "flag":
        before = ("--read-only",)
    elif way == "environment":
        monkeypatch.setenv("CHATKIT_TUI_READ_ONLY", "1")
    elif way == "profile":
        file.write_text("[profiles.careful]\nread_only = true\n")
        before = ("--profile", "careful")
    else:
        file.write_text("read_only = true\n")
    for command in CHANGES:
        ended = chatkit(*before, *command)
        assert ended.code == 2, command
        assert "read-only mode" in ended.errors.lower(), command
    assert not emulator.requests
    assert chatkit(*before, "threads", "list", "--limit", "1").code == 0
    assert {request.method for request in emulator.requests} == {"GET"}


@pytest.mark.parametrize("demo", [False, True])
async def test_the_client_of_a_read_only_start_refuses_by_itself(
    emulator: Emulator, address: str, demo: bool
) -> None:
    settings = Settings(path=Path("none"), base_url=address, read_only=True, demo=demo)
    source = open_source(settings, Access(Secret(DEMO_KEY)))
    with pytest.raises(ReadOnlyError):
        await source.delete_thread("cthr_1")
    with pytest.raises(ReadOnlyError):
        await source.cancel_session("cksess_1")
    request = SessionRequest.model_validate({"user": "ada", "workflow": {"id": "wf_support"}})
    with pytest.raises(ReadOnlyError):
        await source.create_session(request)
    await source.aclose()
    assert not emulator.requests
