"""Keys, client secrets and tokens: what they look like, and how they are redacted.

There are two rules. The credentials of this process, and client secrets that it received, are
replaced in every response and in all output, in any encoding (`redact_known`). In messages, logs
and journals, text that looks like a credential is replaced, too (`redact`). Conversations are
content: only the first rule applies to them.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cache
from threading import Lock
from typing import Any, Final

from chatkit_tui.secrets.credentials import (
    Credential,
    Span,
    known_spans,
    spans_in_answer,
    suspicious_blocks,
)
from chatkit_tui.secrets.escapes import Reading, Spend, readings, unlimited

API_KEY: Final = "API key"
CLIENT_SECRET: Final = "client secret"  # noqa: S105 - the name of a kind
PROXY_PASSWORD: Final = "proxy password"  # noqa: S105
ACCESS_TOKEN: Final = "token"  # noqa: S105
DATABASE_PASSWORD: Final = "database password"  # noqa: S105
HEADER: Final = "header"

SHORTEST_HINTED: Final = 12
"""Characters of the shortest secret whose last four may be shown."""

SHORTEST_KNOWN: Final = 8
"""Characters of the shortest secret that is recognized: a shorter one may be a word."""

MOST_KNOWN: Final = 16
"""The number of secrets of one kind that are recognized, the newest. Client secrets expire."""


class Secret:
    """A credential of this process. At most its last four characters are ever printed.

    `redact` and `redact_known` replace it once it is created. They do not replace values that may
    be a word or a number: those of fewer than 8 characters, and those of fewer than 20 with letters
    or digits only.
    """

    __slots__ = ("_value",)

    def __init__(self, value: str, kind: str = API_KEY) -> None:
        self._value = value
        _remember(value, kind)

    def reveal(self) -> str:
        """Return the credential itself."""
        return self._value

    @property
    def hint(self) -> str:
        """The last four characters; empty if the value is short."""
        return self._value[-4:] if len(self._value) >= SHORTEST_HINTED else ""

    def __bool__(self) -> bool:
        return bool(self._value)

    def __repr__(self) -> str:
        return f"Secret(…{self.hint})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)


def remember_environment(environ: Mapping[str, str]) -> None:
    """Register the key, the token and the passwords of an environment for `redact`."""
    Secret(environ.get("OPENAI_API_KEY", "").strip())
    Secret(environ.get("CHATKIT_TUI_TOKEN", "").strip(), ACCESS_TOKEN)
    Secret(environ.get("PGPASSWORD", ""), DATABASE_PASSWORD)
    for name in ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY"):
        for variable in (name, name.lower()):
            address = environ.get(variable, "")
            if "@" in address:
                from urllib.parse import unquote

                user = address.rpartition("@")[0].rpartition("//")[2]
                Secret(unquote(user.partition(":")[2]), PROXY_PASSWORD)


# -- redaction -------------------------------------------------------------------------------------


def redact(text: str) -> str:
    """Return text of the program without anything that is or looks like a credential."""
    return _replaced(text, credential_spans(text))


def redact_json(value: Any) -> Any:
    """Return a JSON value with its strings redacted; field names are the program's own."""
    if isinstance(value, str):
        return redact(value)
    if isinstance(value, list):
        return [redact_json(entry) for entry in value]
    if isinstance(value, dict):
        return {name: redact_json(entry) for name, entry in value.items()}
    return value


def redact_known(raw: bytes, *, except_kind: str = "", spend: Spend = unlimited) -> bytes:
    """Return a response without the credentials of this process; other bytes are unchanged.

    Credentials of the kind `except_kind` are not replaced. JSON remains valid. The search takes
    about 2 ns per byte, and about 100 ns per escape near a possible credential. `spend` receives
    the number of steps; an exception that it raises stops the search.
    """
    known = _known_except(except_kind)
    spans = list(spans_in_answer(raw, known, spend)) if known else []
    if not spans:
        return raw
    text = raw.decode("latin-1")
    return _replaced(text, _outside_escapes(text, spans)).encode("latin-1")


def may_hold_known(raw: bytes, *, except_kind: str = "") -> bool:
    """Return whether `redact_known` must read parts of a response closely, which is slow."""
    known = _known_except(except_kind)
    return next(suspicious_blocks(raw, known, 0, len(raw)), None) is not None if known else False


def holds_secret(text: str) -> bool:
    """Return whether a text contains a credential, or something that looks like one.

    Such ids, user names and addresses are rejected before they are sent.
    """
    return bool(credential_spans(text))


SECRET_REFUSED: Final = "holds a key or a client secret: nothing was sent"  # noqa: S105 - a message
"""The error for such a text; the name of the field precedes it."""


def client_secrets(text: str) -> list[str]:
    """Return all words of a text that begin like a client secret, in order."""
    return re.findall(r"(?<![A-Za-z0-9])ek_[\w.~-]+", text)


def forbid_core_dumps() -> None:
    """Prevent core dumps: they would write the key to the disk."""
    try:
        import resource
    except ImportError:  # Windows
        return
    hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
    # Linux passes a core dump to a handler program for any limit but 1.
    soft = 1 if sys.platform == "linux" and hard != 0 else 0
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (soft, hard))
    if sys.platform == "linux" and hard == 0:
        _disable_dumps()


def _disable_dumps() -> None:
    with suppress(OSError), open("/proc/sys/kernel/core_pattern", "rb") as pattern:  # noqa: PTH123
        if pattern.read(1) == b"|":
            import ctypes

            ctypes.CDLL(None).prctl(4, 0, 0, 0, 0)  # PR_SET_DUMPABLE


# -- the credentials of this process ---------------------------------------------------------------


_known: tuple[Credential, ...] = ()
"""Replaced as a whole: readers in other threads need no lock."""

_lock: Final = Lock()


def _known_except(kind: str) -> tuple[Credential, ...]:
    return tuple(credential for credential in _known if credential.kind != kind)


def _remember(value: str, kind: str) -> None:
    global _known  # the credentials of the process
    if len(value) < SHORTEST_KNOWN or (len(value) < 20 and (value.isalpha() or value.isdigit())):
        return
    with _lock:
        if any(known.value == value for known in _known):
            return
        same = [known for known in _known if known.kind == kind]
        dropped = same[0] if len(same) >= MOST_KNOWN else None
        remaining = (known for known in _known if known is not dropped)
        _known = (*remaining, Credential(value, kind))


# -- finding credentials ---------------------------------------------------------------------------


def _cut_short(text: str, known: Sequence[Credential]) -> Iterator[Span]:
    """Yield the start of a credential that is truncated at the end of a text."""
    for credential in known:
        at = text.rfind(credential.value[:SHORTEST_KNOWN])
        if at >= 0 and credential.value.startswith(text[at:]):
            yield Span(at, len(text), credential.mark)


_HINTS: Final = ("sk-", "sess-", "ek_", "bearer", "basic", "authorization", "client_secret", "eyj")
"""Every text in which `_look_alikes` finds something contains one of these in lower case."""
_ESCAPES: Final = ("%", "&", "\\")

_REDACTED: Final = "[redacted]"


@cache
def _look_alike() -> re.Pattern[str]:
    """Return the pattern of a possible credential: a part that stays and a part to replace."""
    word = r"[A-Za-z0-9._~+/-]"
    return re.compile(
        r"(?<![A-Za-z0-9])(?P<key>sk-|sess-|ek_)(?P<random>[\w*-]+(?:\.[\w*-]+)*)"
        rf"|(?<![A-Za-z0-9])(?P<scheme>[Bb]earer|BEARER|[Bb]asic|BASIC)(?:\s+|\+)(?P<token>{word}{{12,}}=*)"
        r"|(?i:(?P<header>authorization[\"'\\]*\s*[:=][\s\"'\\]*(?:bearer|basic|token)\s+))"
        r"(?P<credentials>[^\s\"'\\,;]+)"
        r'|(?P<quoted>client_secret"\s*:\s*")(?P<field>(?:[^"\\]|\\.)*)'
        r'|(?P<nested>client_secret\\+"\s*:\s*\\+")(?P<inner>[^"\\]*)'
        rf"|(?P<plain>client_secret\s*[=:]\s*)(?P<bare>{word}{{8,}})"
        r"|(?<![\w.-])(?P<jwt>eyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?)",
        re.ASCII,
    )


def _look_alikes(reading: Reading) -> Iterator[Span]:
    for match in _look_alike().finditer(reading.text):
        group = match.lastgroup or ""
        found = match[group]
        if group == "random" and not _is_key(match["key"], found):
            continue
        if group == "token" and not _is_random(found):
            continue
        if found:
            yield Span(*reading.span(match.start(group), match.end(group)), _REDACTED)


def _is_key(prefix: str, body: str) -> bool:
    """Return whether a word with the prefix of a key is a key.

    `sk-learn-based-models` and `sk-2024-report` are not.
    """
    kind, _, rest = body.partition("-")
    if prefix == "sk-" and kind in ("proj", "svcacct"):
        return len(rest) >= 4
    return "***" in body or _is_random(body)


def _is_random(text: str) -> bool:
    """Return whether a word in a text mixes letters and digits, or is very long."""
    return any(
        len(word) >= 20
        or (len(word) >= 10 and word.isdigit())
        or (len(word) >= 8 and not word.isalpha() and not word.isdigit())
        for word in re.split(r"[^A-Za-z0-9]+", text)
    )


def credential_spans(text: str) -> list[Span]:
    """Return each part of a text that is or looks like a credential; parts may overlap."""
    known = _known
    spans = [*known_spans(text, known), *_cut_short(text, known)] if known else []
    folded = text.lower()
    if any(hint in folded for hint in (*_HINTS, *_ESCAPES)):
        for reading in list(readings(text))[:2]:
            folded = reading.text.lower()
            if any(hint in folded for hint in _HINTS):
                spans += _look_alikes(reading)
    return spans


# -- replacing them --------------------------------------------------------------------------------


def _replaced(text: str, spans: Iterable[Span]) -> str:
    """Return a text with overlapping spans replaced by a mark; known credentials have priority."""
    parts: list[str] = []
    end_of_last, last = 0, ""
    for start, end, mark in sorted(spans, key=lambda span: (span.start, -span.end)):
        if start >= end_of_last or not parts:
            parts += (text[end_of_last:start], mark)
        elif last == _REDACTED and mark != _REDACTED:
            parts[-1] = mark
        last = parts[-1]
        end_of_last = max(end_of_last, end)
    return "".join((*parts, text[end_of_last:])) if parts else text


def _outside_escapes(text: str, spans: Iterable[Span]) -> Iterator[Span]:
    r"""Yield the spans of a JSON text, moved out of escapes such as `\n` at their start."""
    for start, end, mark in spans:
        behind = text[max(0, start - 64) : start]
        if (len(behind) - len(behind.rstrip("\\"))) % 2:
            start += 5 if text[start] == "u" else 1
        yield Span(start, end, mark)
