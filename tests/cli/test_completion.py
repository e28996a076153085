"""Completion in real shells."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from chatkit_tui.cli.completion import complete_profile
from chatkit_tui.cli.main import program
from chatkit_tui.config.schema import THEMES
from tests.cli.conftest import Command

CONFIG = """
[profiles.live]
user = "ada"
[profiles.lab]
[profiles."two words"]
[profiles."line\\nbreak"]
"""

WORDS = {
    "--profile l": {"live", "lab"},
    "--theme sol": {"solarized-dark", "solarized-light"},
    "--copy o": {"osc52", "off"},
    "threads sh": {"show"},
    "threads list --order d": {"desc"},
    "config check --profile liv": {"live"},
    "threads list --all-": {"--all-users"},
    "completion z": {"zsh"},
    "archive info a": {"FILES"},
    "--archive a": {"FILES"},
    "search a": {"FILES"},
    "xyzzy sh": set(),
}
"""The words before the cursor, and what completes the last."""

IN_BASH = ("--profile l", "threads list --order d", "archive info a", "xyzzy sh")
"""One of each kind: each takes the program a start."""

BASH = """
eval "$(chatkit-tui completion bash)"
complete -p chatkit-tui >&2
compopt() { COMPREPLY=(FILES); }  # it works only while a user completes
while read -r line; do
    COMP_WORDS=(chatkit-tui $line); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); COMPREPLY=()
    _chatkit_tui_completion chatkit-tui
    printf '%s:%s\\n' "$line" "${COMPREPLY[*]}"
done
"""


def environment(tmp_path: Path) -> dict[str, str]:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return {"PATH": path, "HOME": str(tmp_path), "CHATKIT_TUI_CONFIG": str(tmp_path / "c.toml")}


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")
def test_bash_completes_commands_options_values_profiles_and_files(tmp_path: Path) -> None:
    (tmp_path / "c.toml").write_text(CONFIG)
    ended = subprocess.run(  # noqa: S603 # ours
        ["bash", "--norc", "-c", BASH],  # noqa: S607 # any bash
        input="\n".join(IN_BASH) + "\n",
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        check=True,
    )
    shown = dict(line.split(":", 1) for line in ended.stdout.splitlines())
    assert {words: set(found.split()) for words, found in shown.items()} == {
        words: WORDS[words] for words in IN_BASH
    }
    assert ended.stderr.splitlines()[1:] == []
    assert "_chatkit_tui_completion" in ended.stderr


@pytest.mark.parametrize("words", WORDS)
def test_commands_options_values_profiles_and_files_are_completed(
    words: str, tmp_path: Path, chatkit: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "c.toml").write_text(CONFIG)
    for name, value in {
        "CHATKIT_TUI_CONFIG": str(tmp_path / "c.toml"),
        "_CHATKIT_TUI_COMPLETE": "bash_complete",
        "COMP_WORDS": f"chatkit-tui {words}",
        "COMP_CWORD": str(len(words.split())),
    }.items():
        monkeypatch.setenv(name, value)
    ended = chatkit()
    given = [line.split(",") for line in ended.output.split()]
    found = {"FILES" if kind == "file" else word for kind, word in given}
    assert (found, ended.errors) == (WORDS[words], "")


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_the_script_is_accepted_by_the_shell(shell: str, tmp_path: Path) -> None:
    made = subprocess.run(  # noqa: S603 # ours
        [sys.executable, "-m", "chatkit_tui", "completion", shell],
        env=environment(tmp_path),
        capture_output=True,
    )
    assert made.returncode == 0
    assert f"_CHATKIT_TUI_COMPLETE={shell}_complete" in made.stdout.decode()
    if shutil.which(shell):
        subprocess.run([shell, "-n"], input=made.stdout, check=True)  # noqa: S603 # ours


@pytest.mark.parametrize("broken", ["profiles = 3", "[profiles.live", "\x00", "profile = 'gone'"])
def test_a_broken_configuration_completes_nothing_and_is_silent(
    broken: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "c.toml").write_text(broken)
    monkeypatch.setenv("CHATKIT_TUI_CONFIG", str(tmp_path / "c.toml"))
    assert complete("") == []
    monkeypatch.setenv("CHATKIT_TUI_CONFIG", "~nobody-at-all/c.toml")
    assert complete("") == []
    assert capsys.readouterr() == ("", "")


def test_a_profile_that_a_line_cannot_hold_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "c.toml").write_text(CONFIG)
    monkeypatch.setenv("CHATKIT_TUI_CONFIG", str(tmp_path / "c.toml"))
    assert complete("") == ["live", "lab", "two words"]


def complete(incomplete: str) -> list[str]:
    with program.make_context("chatkit-tui", [], resilient_parsing=True) as context:
        return complete_profile(context, program.params[0], incomplete)


def test_a_completion_imports_neither_screen_nor_network(tmp_path: Path) -> None:
    (tmp_path / "c.toml").write_text(CONFIG + '[keys]\nfind = "/"\n')
    script = (
        "import sys\nfrom chatkit_tui.cli.main import run\nrun([])\n"
        "heavy = {'textual', 'rich', 'httpx', 'sqlite3', 'asyncio'}\n"
        "print(heavy & set(sys.modules), file=sys.stderr)"
    )
    for words, number in (("chatkit-tui ", 1), ("chatkit-tui --profile ", 2)):
        ended = subprocess.run(  # noqa: S603 # ours
            [sys.executable, "-c", script],
            env={
                **environment(tmp_path),
                "_CHATKIT_TUI_COMPLETE": "bash_complete",
                "COMP_WORDS": words,
                "COMP_CWORD": str(number),
            },
            capture_output=True,
            text=True,
        )
        assert ("threads" if number == 1 else "live") in ended.stdout
        assert ended.stderr == "set()\n"


def test_every_theme_completes() -> None:
    (theme,) = [each for each in program.params if each.name == "theme"]
    with program.make_context("chatkit-tui", [], resilient_parsing=True) as context:
        found = [item.value for item in theme.shell_complete(context, "")]
    assert tuple(found) == THEMES
