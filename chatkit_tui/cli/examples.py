"""The examples of each command, for its `--help` and for the man page."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple


class Example(NamedTuple):
    """A command line, and what it does."""

    purpose: str
    line: str


def _examples(*pairs: tuple[str, str]) -> tuple[Example, ...]:
    return tuple(Example(purpose, line) for purpose, line in pairs)


EXAMPLES: Final[Mapping[str, tuple[Example, ...]]] = MappingProxyType(
    {
        "": _examples(
            ("Try the program, without a key:", "chatkit-tui --demo"),
            ("Read the threads of one user:", "chatkit-tui --user ada"),
            ("Open a thread, with the key of a profile:", "chatkit-tui --profile live cthr_123"),
            (
                "Read from a self-hosted server:",
                "chatkit-tui --server https://shop.example/chatkit",
            ),
            ("Read the database of such a server:", "chatkit-tui --database chatkit.db"),
        ),
        "browse": _examples(
            ("Open the list of threads:", "chatkit-tui browse"),
            ("Open the thread of a log line:", "chatkit-tui browse cthr_123"),
            ("Change nothing by accident:", "chatkit-tui browse --read-only"),
        ),
        "threads": _examples(
            ("List the newest threads:", "chatkit-tui threads list"),
            ("Read a conversation:", "chatkit-tui threads show cthr_123"),
        ),
        "threads list": _examples(
            ("List all threads of a user:", "chatkit-tui threads list --user ada --all"),
            (
                "Print the ids of the newest threads:",
                "chatkit-tui threads list --limit 100 | cut -f1",
            ),
        ),
        "threads find": _examples(
            (
                "Find users who wait for an answer, of this week:",
                "chatkit-tui threads find --unanswered --since 7d",
            ),
            (
                "Find what failed or hangs for a user:",
                "chatkit-tui threads find --tool-error --in-progress --user ada --jsonl",
            ),
            (
                "Show the threads whose tool calls hang:",
                "chatkit-tui threads find --in-progress | cut -f1 | xargs chatkit-tui threads show",
            ),
        ),
        "threads show": _examples(
            ("Read a conversation:", "chatkit-tui threads show cthr_123 | less"),
            ("Print the thread as its source has it:", "chatkit-tui threads show cthr_123 --json"),
        ),
        "threads items": _examples(
            ("List all items, oldest first:", "chatkit-tui threads items --all --order asc cthr_1"),
            (
                "Count the items by type:",
                "chatkit-tui threads items --all --jsonl cthr_1 | jq -r .type | sort | uniq -c",
            ),
        ),
        "threads delete": _examples(
            ("Show what would be deleted:", "chatkit-tui threads delete --dry-run cthr_1 cthr_2"),
            ("Delete the threads of a file:", "chatkit-tui threads delete --yes - < ids.txt"),
            (
                "Save a thread in an archive, then delete it:",
                "chatkit-tui threads delete --backup deleted.ckarchive cthr_1",
            ),
        ),
        "threads deletions": _examples(
            ("List what was deleted from here:", "chatkit-tui threads deletions"),
        ),
        "archive": _examples(
            ("Save every conversation:", "chatkit-tui archive sync support.chatkit"),
            ("Read them without network:", "chatkit-tui --archive support.chatkit"),
        ),
        "archive sync": _examples(
            ("Save every conversation:", "chatkit-tui archive sync support.chatkit"),
            (
                "Save what a user wrote in a week, for five minutes at most:",
                "chatkit-tui archive sync support.chatkit --user ada --since 7d --budget 5m",
            ),
        ),
        "archive info": _examples(
            ("Show how old an archive is:", "chatkit-tui archive info support.chatkit"),
        ),
        "archive verify": _examples(
            ("Check the file:", "chatkit-tui archive verify support.chatkit"),
            (
                "Make its index again, without the source:",
                "chatkit-tui archive verify support.chatkit --reindex",
            ),
            (
                "Compare 100 threads with their source:",
                "chatkit-tui archive verify support.chatkit --against-api --sample 100",
            ),
        ),
        "archive remove": _examples(
            ("Erase a thread:", "chatkit-tui archive remove support.chatkit cthr_123"),
            ("Erase a user:", "chatkit-tui archive remove support.chatkit --user ada"),
        ),
        "archive copy": _examples(
            ("Copy, also during a sync:", "chatkit-tui archive copy support.chatkit copy.chatkit"),
        ),
        "export": _examples(
            (
                "Save a conversation as one page for a browser:",
                "chatkit-tui export cthr_123 --output order.html",
            ),
            (
                "Save every conversation of a user as Markdown, a file each:",
                "chatkit-tui export --user ada --output ada",
            ),
            (
                "Save an archive as JSON lines for another program:",
                "chatkit-tui export --archive support.chatkit --all --output all.jsonl",
            ),
            (
                "Save a conversation for a ticket, without personal data and order numbers:",
                "chatkit-tui export cthr_123 --output ticket.md --redact"
                " --redact-pattern 'order=ORD-\\d+'",
            ),
        ),
        "search": _examples(
            ("Find a word:", "chatkit-tui search support.chatkit refund"),
            (
                "Find a phrase in what users wrote this week:",
                "chatkit-tui search support.chatkit '\"wrong total\"' --kind user --since 7d",
            ),
        ),
        "sessions": _examples(
            ("List the sessions created here:", "chatkit-tui sessions list"),
        ),
        "sessions create": _examples(
            (
                "Create a session, and show its client secret:",
                "chatkit-tui sessions create --user ada --workflow wf_123 --show-secret",
            ),
        ),
        "sessions cancel": _examples(
            ("Cancel a session:", "chatkit-tui sessions cancel cksess_123"),
        ),
        "sessions list": _examples(
            ("List the sessions created here:", "chatkit-tui sessions list"),
        ),
        "config": _examples(
            ("Show where each setting comes from:", "chatkit-tui config show"),
        ),
        "config show": _examples(
            ("Show what a profile sets:", "chatkit-tui config show --profile live"),
        ),
        "config check": _examples(
            ("Check the configuration file:", "chatkit-tui config check"),
            ("Check another file:", "chatkit-tui config check new.toml"),
        ),
        "config keys": _examples(
            ("Find the id of a command:", "chatkit-tui config keys | grep find"),
        ),
        "config path": _examples(
            ("Edit the configuration file:", '$EDITOR "$(chatkit-tui config path)"'),
        ),
        "completion": _examples(
            ("Complete in bash, in ~/.bashrc:", 'eval "$(chatkit-tui completion bash)"'),
            ("Complete in zsh, in ~/.zshrc:", 'eval "$(chatkit-tui completion zsh)"'),
            (
                "Complete in fish, in ~/.config/fish/config.fish:",
                "chatkit-tui completion fish | source",
            ),
        ),
        "man": _examples(
            ("Read the man page:", "chatkit-tui man | man -l -"),
            (
                "Install it:",
                "chatkit-tui man > ~/.local/share/man/man1/chatkit-tui.1",
            ),
        ),
        "emulator": _examples(
            ("Serve sample data:", "chatkit-tui emulator --port 8123"),
            (
                "Open the screen on it:",
                "OPENAI_BASE_URL=http://127.0.0.1:8123/v1 "
                "OPENAI_API_KEY=sk-demo-not-a-real-key chatkit-tui",
            ),
            (
                "Serve it as a self-hosted server does:",
                "chatkit-tui emulator --port 8124 --protocol server",
            ),
        ),
    }
)
"""By the path of the command without the program, as in `threads list`."""
