"""Secrets that are planted wherever they can be, and everything that the program wrote."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC
from pathlib import Path

import pytest

from chatkit_tui.cli.main import run
from chatkit_tui.emulator import Emulator
from chatkit_tui.emulator.calls import SESSIONS_CREATE, Answer, Call
from chatkit_tui.models.sessions import Session
from chatkit_tui.render.sessions import session_facts
from tests.benchmarks.server import Api, serving
from tests.terminal import Terminal

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")

KEY = "sk-proj-canary-0f-the-key-5up3r53cr3t"
CLIENT_SECRET = "ek_canary-0f-the-session-5up3r53cr3t"
COMPLAINT = "canary-0f-the-key-command"
USER = "canary-0f-a-user"
SECRETS = (KEY, KEY[3:-4], CLIENT_SECRET, CLIENT_SECRET[3:], COMPLAINT)


class Telltale(Emulator):
    """An API that repeats the key it was asked with, and client secrets, wherever it can."""

    repeats: str = ""
    """How: `refusal`, `failure`, `redirect`, `text`; empty where calls are answered."""

    async def answer(self, call: Call) -> Answer:
        key = call.headers["authorization"].removeprefix("Bearer ")
        said = f'Incorrect API key provided: {key}. {{"client_secret": "{CLIENT_SECRET}"}}'
        error = {"error": dict.fromkeys(("message", "type", "param", "code"), said)}
        named = {"x-request-id": key, "www-authenticate": f"Bearer {key}"}
        if self.repeats == "refusal":
            return Answer(401, error, headers=named)
        if self.repeats == "failure":
            return Answer(500, error, headers={**named, "x-should-retry": "false"})
        if self.repeats == "redirect":
            return Answer(307, body=b"", headers={"location": f"http://elsewhere.invalid/{key}"})
        if self.repeats == "text":
            return Answer(200, body=said.encode(), headers={"content-type": "text/html"})
        answer = await super().answer(call)
        if call.name == SESSIONS_CREATE and answer.succeeded:
            content = {**answer.content, "client_secret": CLIENT_SECRET}
            return replace(answer, content=content, headers={**answer.headers, **named})
        return answer


@pytest.fixture
def api() -> Iterator[Api]:
    """The telltale API on loopback."""
    with serving(Telltale()) as served:
        yield served


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, api: Api) -> Iterator[Path]:
    """A home that is empty, under a umask that keeps nothing from anybody; its profile has its key
    from a command that complains, and keeps the environment that it was given."""
    home = tmp_path / "home"
    home.mkdir()
    folders = {f"XDG_{name}_HOME": home / name.lower() for name in ("CONFIG", "STATE", "CACHE")}
    command = tmp_path / "key.py"
    command.write_text(
        "import os, sys\n"
        f"open({str(tmp_path / 'given')!r}, 'a').write(repr((os.environ, sys.argv)))\n"
        f"print({KEY!r})\nsys.exit(sys.stderr.write({COMPLAINT!r}) * 0)\n"
    )
    config = tmp_path / "config.toml"
    config.write_text(
        f"[profiles.live]\napi_key_command = {[sys.executable, str(command)]!r}\n"
        f"base_url = {api.base_url!r}\n"
    )
    variables = {
        **{name: str(folder) for name, folder in folders.items()},
        "HOME": str(home),
        "TMPDIR": str(home),
        "CHATKIT_TUI_CONFIG": str(config),
        "CHATKIT_TUI_PROFILE": "live",
        "CHATKIT_TUI_LOG_FILE": str(home / "chatkit.log"),
    }
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(home)
    before = os.umask(0)
    yield home
    os.umask(before)


def leaked(text: str) -> list[str]:
    return [secret for secret in SECRETS if secret in text]


def look_through(home: Path) -> set[str]:
    """The names of the files that were written, each of which is looked at."""
    names = set()
    for path in home.rglob("*"):
        mode = stat.S_IMODE(path.stat().st_mode)
        assert mode == (0o700 if path.is_dir() else 0o600), path
        if path.is_file():
            names.add(path.name)
            text = path.read_text(encoding="utf-8", errors="replace")
            assert leaked(text) == [], path
            if path.suffix == ".log":
                assert USER not in text, path
    return names


CREATE = ("sessions", "create", "--user", USER, "--workflow", "wf_support")


def test_no_command_writes_a_secret_anywhere(
    api: Api, home: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    emulator = api.emulator
    assert isinstance(emulator, Telltale)
    thread = emulator.thread_id()
    assert (
        run(CREATE) == run(["threads", "delete", "--yes", thread]) == run(["config", "show"]) == 0
    )
    assert run(["threads", "list", "--user", USER, "--json"]) == 0
    for emulator.repeats in ("refusal", "failure", "redirect", "text"):
        for command in (CREATE, ["threads", "list"], ["threads", "show", thread]):
            assert run(command) in (1, 3)
        run(["threads", "delete", "--yes", thread])
        run(["sessions", "cancel", "cksess_1"])
    written = capfd.readouterr()
    assert "It begins: Incorrect API key provided: …cr3t" in written.err
    assert leaked(written.out + written.err) == []
    assert look_through(home) >= {"chatkit.log", "sessions.jsonl", "deletions.jsonl"}
    assert leaked((tmp_path / "given").read_text()) == []


def test_a_client_secret_is_written_where_it_is_asked_for_and_nowhere_else(
    home: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run([*CREATE, "--json"]) == run([*CREATE, "--show-secret"]) == 0
    written = capfd.readouterr()
    assert written.out.count(CLIENT_SECRET) == 2
    assert leaked(written.err) == []
    look_through(home)


def test_the_screen_writes_no_secret_anywhere_not_even_when_it_crashes(
    api: Api, home: Path, tmp_path: Path
) -> None:
    emulator = api.emulator
    assert isinstance(emulator, Telltale)
    variables = {name: text for name, text in os.environ.items() if name not in ("PATH", "TERM")}
    command = [sys.executable, "-m", "tests.ui.dying", "key"]
    variables["PYTHONPATH"] = str(Path(__file__).parents[2])
    with Terminal(command, columns=120, rows=40, environment=variables) as terminal:
        terminal.wait_for("loaded")
        terminal.send("s")
        terminal.wait_for("n new")
        terminal.send("n")
        terminal.wait_for("Ctrl+s")
        for keys in (USER, "\t", "wf_support", "\x13"):
            terminal.send(keys)
            terminal.rest()
        terminal.wait_for("client secret")
        arguments = Path(f"/proc/{terminal.process}/cmdline").read_text()
        variables_now = Path(f"/proc/{terminal.process}/environ").read_text()
        terminal.send("\x1b")
        terminal.rest()
        terminal.send("\x1b")
        terminal.wait_until(lambda lines: "client secret" not in "".join(lines))
        emulator.repeats = "refusal"
        terminal.send("r")
        terminal.wait_for("401")
        terminal.send("?")
        assert terminal.exit_code() == 1
        written = b"".join(data for _, data in terminal.written).decode()
    assert "key …cr3t" in written
    assert leaked(written) == []
    assert leaked(arguments + variables_now) == []
    assert leaked((tmp_path / "given").read_text()) == []
    assert look_through(home) >= {"chatkit.log", "crashes.log", "sessions.jsonl"}


def test_a_client_secret_under_a_name_that_is_new_is_neither_shown_nor_in_a_repr() -> None:
    session = Session.read(
        {
            "id": "cksess_1",
            "client_secret": {"value": CLIENT_SECRET},
            "browser_secret": CLIENT_SECRET,
            "keys": [{"value": CLIENT_SECRET}],
        }
    )
    shown = session_facts(session, UTC)
    assert [name for name, _ in shown] == [
        "id",
        "status",
        "browser_secret",
        "keys",
        "client_secret",
    ]
    assert leaked(repr(shown) + repr(session) + str(session)) == []
