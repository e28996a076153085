"""Secrets that are planted wherever they can be, and everything that the program wrote."""

from __future__ import annotations

import io
import json
import os
import re
import stat
import sys
from collections.abc import Iterator
from datetime import UTC
from functools import cache
from pathlib import Path

import pytest

from chatkit_tui import secrets
from chatkit_tui.cli.main import run
from chatkit_tui.emulator import Emulator
from chatkit_tui.emulator.requests import SESSIONS_CREATE, Request, Response
from chatkit_tui.models.sessions import Session
from chatkit_tui.render.sessions import session_facts
from tests.benchmarks.programs import Api, serving
from tests.pty_terminal import Terminal
from tests.test_secrets import ENCODINGS

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")

KEY = "sk-proj-canary-0f-the-key-5up3r53cr3t"
CLIENT_SECRET = "ek_canary-0f-the-session-5up3r53cr3t"
OTHER_KEY = "sk-other-0f-s0me0ne-e1se-5up3r53cr3t"
OTHER_SECRET = "ek_other-0f-s0me0ne-e1se-5up3r53cr3t"
TOKEN = "t0ken0fSomeone.e1se5up3r53cr3t"
PLAIN_KEY = "Tq7.canary.0f.a.server"
"""The key of a self-hosted server, which looks like a name."""
COMPLAINT = "canary-0f-the-key-command"
USER = "canary-0f-a-user"
SECRETS = (KEY, KEY[3:-4], CLIENT_SECRET, CLIENT_SECRET[3:], COMPLAINT)
OTHERS = (OTHER_KEY, OTHER_SECRET, TOKEN)


class Telltale(Emulator):
    """An API that repeats the key it was asked with, and client secrets, wherever it can."""

    repeats: str = ""
    """How: `refusal`, `failure`, `redirect`, `text`; empty where calls are answered."""
    echo: str = ""
    """What stands in every text of an answer, and in its headers; a JSON text where it has
    escapes of JSON."""

    async def respond(self, request: Request) -> Response:
        if self.echo:
            answer = await super().respond(request)
            if request.operation == SESSIONS_CREATE and answer.succeeded:
                answer = answer._replace(content={**answer.content, "client_secret": CLIENT_SECRET})
            return self._with_echo(answer)
        key = request.headers["authorization"].removeprefix("Bearer ")
        said = f'Incorrect API key provided: {key}. {{"client_secret": "{CLIENT_SECRET}"}}'
        error = {"error": dict.fromkeys(("message", "type", "param", "code"), said)}
        named = {"x-request-id": key, "www-authenticate": f"Bearer {key}"}
        if self.repeats == "refusal":
            return Response(401, error, headers=named)
        if self.repeats == "failure":
            return Response(500, error, headers={**named, "x-should-retry": "false"})
        if self.repeats == "redirect":
            return Response(307, body=b"", headers={"location": f"http://elsewhere.invalid/{key}"})
        if self.repeats == "text":
            return Response(200, body=said.encode(), headers={"content-type": "text/html"})
        answer = await super().respond(request)
        if request.operation == SESSIONS_CREATE and answer.succeeded:
            content = {**answer.content, "client_secret": CLIENT_SECRET}
            return answer._replace(content=content, headers={**answer.headers, **named})
        return answer

    def _with_echo(self, answer: Response) -> Response:
        """Put the echo into ids, users, statuses, titles, messages and headers of an answer."""
        echo = in_json(self.echo)
        body = re.sub(
            '"(?:id|user|status|title|text|message|code|param|last_id|type|name)":"(?!chatkit|output)',
            lambda match: f"{match[0]}{echo} ",
            answer.payload().decode(),
        )
        headers = {"x-request-id": self.echo, "server": self.echo}
        return Response(
            answer.status, body=body.encode(), headers={**answer.all_headers(), **headers}
        )


def in_json(echo: str) -> str:
    """A text as it stands in a JSON text: an escape of JSON's is one there."""
    return echo if echo.startswith("\\u") else json.dumps(echo)[1:-1]


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


def leaked(text: str, secrets: tuple[str, ...] = SECRETS) -> list[str]:
    """The secrets that a text has in any encoding."""
    return [
        f"{secret} {way}" for secret in secrets for way in ENCODINGS if encoded(secret, way) in text
    ]


@cache
def encoded(secret: str, way: str) -> str:
    return ENCODINGS[way](secret)


def look_through(home: Path, secrets: tuple[str, ...] = SECRETS + OTHERS) -> set[str]:
    """The names of the files that were written, each of which is looked at."""
    names = set()
    for path in home.rglob("*"):
        mode = stat.S_IMODE(path.stat().st_mode)
        assert mode == (0o700 if path.is_dir() else 0o600), path
        if path.is_file():
            names.add(path.name)
            text = path.read_text(encoding="utf-8", errors="replace")
            assert leaked(text, secrets) == [], path
            if path.suffix == ".log":
                assert USER not in text, path
    return names


CREATE = ("sessions", "create", "--user", USER, "--workflow", "wf_support")


@pytest.mark.slow
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
    assert "It begins: Incorrect API key provided: [API key redacted]" in written.err
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
        terminal.rest()  # an Escape without a pause behind it would be Alt with the next key
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
    names = [name for name, _ in shown]
    assert names == ["id", "status", "browser_secret", "keys", "client_secret"]
    assert leaked(repr(shown) + repr(session) + str(session)) == []


# -- arguments: refused before anything is sent or written -----------------------------------------

ARGUMENTS: dict[str, tuple[str, ...]] = {
    "an id to delete": ("threads", "delete", "--yes", "{}"),
    "an id to delete, with a space before it": ("threads", "delete", "--yes", " {}"),
    "an id to delete behind a good one": ("threads", "delete", "--yes", "cthr_1", "{}"),
    "a part of an id to delete": ("threads", "delete", "--yes", "cthr_{}_1"),
    "an id to delete, on trial": ("threads", "delete", "--dry-run", "{}"),
    "an id to show": ("threads", "show", "{}"),
    "an id whose items are listed": ("threads", "items", "{}", "--json"),
    "a user": ("threads", "list", "--user", "{}"),
    "a user in front of the command": ("--user={}", "threads", "list"),
    "an id to open": ("browse", "{}"),
    "an address to open": ("https://platform.openai.com/logs/{}",),
    "the query of an address to open": ("https://platform.openai.com/logs/cthr_1?key={}",),
    "the address of the API": ("threads", "list", "--base-url", "http://127.0.0.1:9/{}/v1"),
    "a password in the address": ("threads", "list", "--base-url", "http://me:{}@127.0.0.1:9/v1"),
    "a profile": ("threads", "list", "--profile", "{}"),
    "a name of a log": ("threads", "list", "--log-file", "{}.log"),
    "a session to cancel": ("sessions", "cancel", "{}"),
    "the user of a session": ("sessions", "create", "--user", "{}", "--workflow", "wf_support"),
    "a workflow": ("sessions", "create", "--user", USER, "--workflow", "{}"),
    "a version": (*CREATE, "--version", "{}"),
    "a state variable": (*CREATE, "--state", "token={}"),
    "the name of a state variable": (*CREATE, "--state", "{}=1"),
    "a command": ("{}",),
    "an option": ("threads", "list", "--{}"),
    "an option for keys": ("threads", "list", "--api-key", "{}"),
    "a number": ("threads", "list", "--limit", "{}"),
    "a file to check": ("config", "check", "{}"),
    "a fault of the emulator": ("emulator", "--fault", "{}"),
}
GIVEN = {
    "the own key": KEY,
    "the own key, in percent": ENCODINGS["percent"](KEY),
    "the own key in base64": ENCODINGS["base64 of basic"](KEY),
    "another key": OTHER_KEY,
    "a client secret": OTHER_SECRET,
    "a client secret, escaped": ENCODINGS["Unicode escapes"](OTHER_SECRET),
    "a bearer token": f"Bearer {TOKEN}",
}


def test_an_argument_that_holds_a_secret_is_refused(
    api: Api, home: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    for place, command in ARGUMENTS.items():
        for name, secret in GIVEN.items():
            case = f"{place}: {name}"
            assert run([part.format(secret) for part in command]) == 2, case
            written = capfd.readouterr()
            assert written.out == "", case
            assert written.err.count("\n") == 1, case
            assert (
                "An argument holds a key or a client secret: nothing was sent. " in written.err
            ), case
            assert secret not in written.err, case
            assert leaked(written.err, SECRETS + OTHERS) == [], case
    assert list(api.emulator.requests) == []
    assert list(home.iterdir()) == []


@pytest.mark.parametrize("source", ["environment", "command"])
def test_a_key_that_looks_like_a_name_is_refused_once_it_is_known(
    source: str,
    api: Api,
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    if source == "environment":
        monkeypatch.setenv("OPENAI_API_KEY", PLAIN_KEY)
    else:
        (home.parent / "key.py").write_text(f"print({PLAIN_KEY!r})")
    for place in ("an id to delete", "a part of an id to delete", "a user", "a session to cancel"):
        assert run([part.format(PLAIN_KEY) for part in ARGUMENTS[place]]) == 2
        assert PLAIN_KEY not in "".join(capfd.readouterr())
        monkeypatch.setattr(secrets, "_known", ())
    assert list(api.emulator.requests) == []
    assert look_through(home, (PLAIN_KEY,)) <= {"chatkit.log"}


@pytest.mark.parametrize("command", [("threads", "delete", "--yes"), ("threads", "show")])
def test_a_line_of_standard_input_that_holds_a_secret_is_refused(
    command: tuple[str, ...],
    api: Api,
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    (home.parent / "key.py").write_text(f"print({PLAIN_KEY!r})")
    for secret in (*GIVEN.values(), PLAIN_KEY):
        if secret != ENCODINGS["base64 of basic"](KEY):  # which is not the key in use here
            lines = f"{api.emulator.thread_id()}\n {secret}\n".encode()
            monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(lines)))
            assert run([*command, "-"]) == 2
            written = capfd.readouterr()
            assert leaked(written.out + written.err, (*SECRETS, *OTHERS, PLAIN_KEY)) == []
    assert list(api.emulator.requests) == []
    assert look_through(home) <= {"chatkit.log"}


def test_a_variable_that_holds_a_secret_is_refused(
    api: Api, home: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    for variable in ("OPENAI_ORG_ID", "OPENAI_PROJECT_ID", "OPENAI_BASE_URL", "CHATKIT_TUI_USER"):
        for secret in GIVEN.values():
            with monkeypatch.context() as patch:
                patch.setenv(variable, f"http://127.0.0.1:9/{secret}")
                assert run(["threads", "list"]) == 2
            written = capfd.readouterr()
            assert variable in written.err
            assert leaked(written.out + written.err, SECRETS + OTHERS) == []
    assert list(api.emulator.requests) == []
    assert list(home.iterdir()) == []


# -- answers: a server that repeats secrets in every field -----------------------------------------

ECHOES = ("as it is", "Unicode escapes", "percent", "entities", "base64 of basic", "JSON in JSON")
ASKED: dict[str, tuple[str, ...]] = {
    "list": ("threads", "list", "--limit", "3"),
    "list as JSON": ("threads", "list", "--json", "--limit", "2"),
    "list as lines": ("threads", "list", "--jsonl", "--limit", "2"),
    "show": ("threads", "show", "{}"),
    "items": ("threads", "items", "{}", "--limit", "2"),
    "items as JSON": ("threads", "items", "{}", "--json", "--limit", "2"),
    "trial": ("threads", "delete", "--dry-run", "{}"),
    "delete": ("threads", "delete", "--yes", "{}"),
    "delete again": ("threads", "delete", "--yes", "{}"),
    "what is not there": ("threads", "show", "cthr_none"),
    "create": CREATE,
    "create for an unknown workflow": (*CREATE[:-1], "wf_none"),
    "cancel": ("sessions", "cancel", "{session}"),
    "cancel with --json": ("sessions", "cancel", "{session}", "--json"),
    "deletions": ("threads", "deletions"),
}
CONTENT = (
    *("list", "list as JSON", "list as lines", "show", "items", "items as JSON", "trial"),
    *("cancel with --json",),
)
"""What writes conversations, and so all that is not a secret of this process."""


@pytest.mark.slow
def test_an_answer_that_repeats_secrets_brings_them_nowhere(
    api: Api, home: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    emulator = api.emulator
    assert isinstance(emulator, Telltale)
    for number, way in enumerate(ECHOES):
        thread = emulator.thread_id(number)
        session = emulator.sessions.create(b'{"user":"ada","workflow":{"id":"wf_support"}}')
        # The base64 of a key that is not known looks like no key.
        look_alike = ENCODINGS["as it is" if "base64" in way else way]
        repeated = [ENCODINGS[way](KEY), look_alike(OTHER_KEY), look_alike(OTHER_SECRET)]
        emulator.echo = " ".join(repeated)
        others = json.loads(f'"{in_json(emulator.echo)}"').split()[1:]
        for name, command in ASKED.items():
            case = f"{name}: {way}"
            monkeypatch.setattr(secrets, "_known", ())  # as in a process of its own
            code = run([part.format(thread, session=session["id"]) for part in command])
            assert code in (0, 1, 4), case
            written = capfd.readouterr()
            assert leaked(written.out, SECRETS) == [], case
            assert leaked(written.err, SECRETS + OTHERS) == [], case
            if name not in CONTENT:
                assert leaked(written.out, OTHERS) == [], case
            elif name.endswith(("JSON", "lines")):
                texts = json_texts([json.loads(line) for line in written.out.splitlines()])
                assert "[API key redacted]" in texts, case
                assert " ".join(others) in texts, case
    assert look_through(home) >= {"chatkit.log", "sessions.jsonl", "deletions.jsonl"}
    assert "[API key redacted]" in (home / "chatkit.log").read_text()


def json_texts(value: object) -> str:
    """All texts of a JSON value."""
    if isinstance(value, dict):
        return " ".join(json_texts(entry) for entry in value.values())
    return " ".join(map(json_texts, value)) if isinstance(value, list) else str(value)


def test_a_client_secret_that_stands_in_every_field_is_shown_in_its_own_alone(
    api: Api, home: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    emulator = api.emulator
    assert isinstance(emulator, Telltale)
    for way in ECHOES:
        emulator.echo = ENCODINGS[way](CLIENT_SECRET)
        assert run(CREATE) == run([*CREATE, "--show-secret"]) == 0
        hidden, shown = capfd.readouterr().out.split("client secret\t")[::2]
        assert leaked(hidden) == [], way
        assert leaked(shown) == leaked(CLIENT_SECRET), way
    look_through(home)
