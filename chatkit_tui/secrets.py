"""Keys, client secrets and bearer tokens: what they look like, and how to keep them out of a text.

Two rules. A credential that this process uses, or a client secret that it received, is replaced in
everything that it reads from a server or writes, in any encoding (`redact_known`). Whatever else
looks like a credential is replaced as well in what the program writes of its own: messages, logs,
journals (`redact`). Conversations are content and follow the first rule alone.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cache
from threading import Lock
from typing import Any, Final

from chatkit_tui.credentials import (
    Credential,
    Span,
    known_spans,
    spans_in_answer,
    suspicious_blocks,
)
from chatkit_tui.escapes import Reading, Spend, readings, unlimited

API_KEY: Final = "API key"
CLIENT_SECRET: Final = "client secret"  # noqa: S105 - the name of a kind
PROXY_PASSWORD: Final = "proxy password"  # noqa: S105

SHORTEST_HINTED: Final = 12
"""Characters of the shortest secret whose last four may be shown."""

SHORTEST_KNOWN: Final = 8
"""Characters of the shortest secret that can be told from a word of a conversation."""

MOST_KNOWN: Final = 16
"""Secrets of one kind that are recognized: the newest. A client secret lives for ten minutes."""


class Secret:
    """A credential of this process. Nothing prints more of it than its last four characters.

    From its creation on, `redact` and `redact_known` replace it. Exceptions are values that cannot
    be told from a word or a number: those of fewer than 8 characters, and those of fewer than 20
    that are letters or digits alone.
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
        """The last four characters; empty for a value that they would give away."""
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
    """Make the key and the proxy passwords of an environment known to `redact`."""
    Secret(environ.get("OPENAI_API_KEY", "").strip())
    for name in ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY"):
        for variable in (name, name.lower()):
            address = environ.get(variable, "")
            if "@" in address:
                from urllib.parse import unquote

                user = address.rpartition("@")[0].rpartition("//")[2]
                Secret(unquote(user.partition(":")[2]), PROXY_PASSWORD)


# -- what is offered -------------------------------------------------------------------------------


def redact(text: str) -> str:
    """Return the program's own text without anything that is or looks like a credential."""
    return _replaced(text, _own_spans(text))


def redact_json(value: Any) -> Any:
    """Return a JSON value with each of its texts redacted; the names of fields are our own."""
    if isinstance(value, str):
        return redact(value)
    if isinstance(value, list):
        return [redact_json(entry) for entry in value]
    if isinstance(value, dict):
        return {name: redact_json(entry) for name, entry in value.items()}
    return value


def redact_known(raw: bytes, *, sparing: str = "", spend: Spend = unlimited) -> bytes:
    """Return an answer without the credentials of this process; all else stays byte for byte.

    `sparing` is a kind that is left in. An answer that was JSON is JSON afterwards. Costs some 2 ns
    for each byte where nothing suggests a credential, and some hundred for each escape otherwise:
    `spend` is called with the steps that were taken, and ends the work by what it raises.
    """
    known = _without(sparing)
    spans = list(spans_in_answer(raw, known, spend)) if known else []
    if not spans:
        return raw
    text = raw.decode("latin-1")
    return _replaced(text, _outside_escapes(text, spans)).encode("latin-1")


def may_hold_known(raw: bytes, *, sparing: str = "") -> bool:
    """Return whether `redact_known` has to look at an answer closely, which may take long."""
    known = _without(sparing)
    return next(suspicious_blocks(raw, known, 0, len(raw)), None) is not None if known else False


def holds_secret(text: str) -> bool:
    """Return whether a text holds a credential, or something that looks like one.

    What a user gives as an id, a user name or an address is refused then, before it is sent.
    """
    return bool(_own_spans(text))


SECRET_REFUSED: Final = "holds a key or a client secret: nothing was sent"  # noqa: S105 - a message
"""The refusal of such a text; what it was given for stands before it."""


def client_secrets(text: str) -> list[str]:
    """Return everything in a text that begins as a client secret does, whole and in order."""
    return re.findall(r"(?<![A-Za-z0-9])ek_[\w.~-]+", text)


def forbid_core_dumps() -> None:
    """Let no signal and no crash write the memory of this process, with the key, to the disk."""
    try:
        import resource
    except ImportError:  # Windows
        return
    hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
    # Linux hands a core over to a program whatever the limit is, except where it is 1.
    soft = 1 if sys.platform == "linux" and hard != 0 else 0
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (soft, hard))
    if sys.platform == "linux" and hard == 0:
        _refuse_to_be_dumped()


def _refuse_to_be_dumped() -> None:
    with suppress(OSError), open("/proc/sys/kernel/core_pattern", "rb") as pattern:  # noqa: PTH123
        if pattern.read(1) == b"|":
            import ctypes

            ctypes.CDLL(None).prctl(4, 0, 0, 0, 0)  # PR_SET_DUMPABLE


# -- the credentials of this process ---------------------------------------------------------------


_known: tuple[Credential, ...] = ()
"""Replaced as a whole, so that a reader in another thread needs no lock."""

_lock: Final = Lock()


def _without(kind: str) -> tuple[Credential, ...]:
    return tuple(credential for credential in _known if credential.kind != kind)


def _remember(value: str, kind: str) -> None:
    global _known  # the credentials of the process
    if len(value) < SHORTEST_KNOWN or (len(value) < 20 and (value.isalpha() or value.isdigit())):
        return
    with _lock:
        if any(known.value == value for known in _known):
            return
        same = [known for known in _known if known.kind == kind]
        gone = same[0] if len(same) >= MOST_KNOWN else None
        kept = (known for known in _known if known is not gone)
        _known = (*kept, Credential(value, kind))


# -- finding credentials ---------------------------------------------------------------------------


def _cut_short(text: str, known: Sequence[Credential]) -> Iterator[Span]:
    """Yield the beginning of a credential that the end of a text cuts through."""
    for credential in known:
        at = text.rfind(credential.value[:SHORTEST_KNOWN])
        if at >= 0 and credential.value.startswith(text[at:]):
            yield Span(at, len(text), credential.mark)


_HINTS: Final = (
    *("sk-", "sess-", "ek_", "bearer", "basic", "authorization", "client_secret", "eyj"),
    *("%", "&", "\\"),
)
"""One of these, in lower case, is in every text that `_look_alikes` finds something in."""

_REDACTED: Final = "[redacted]"


@cache
def _look_alike() -> re.Pattern[str]:
    """What may be a credential: a part that stays, and the part that is replaced."""
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
    """Return whether a word that begins as a key does goes on as one.

    `sk-learn-based-models` and `sk-2024-report` do not, nor does any word in `task-force`.
    """
    kind, _, rest = body.partition("-")
    if prefix == "sk-" and kind in ("proj", "svcacct"):
        return len(rest) >= 4
    return "***" in body or _is_random(body)


def _is_random(text: str) -> bool:
    """Return whether some word in a text has letters and digits mixed, or is longer than words."""
    return any(
        len(word) >= 20
        or (len(word) >= 10 and word.isdigit())
        or (len(word) >= 8 and not word.isalpha() and not word.isdigit())
        for word in re.split(r"[^A-Za-z0-9]+", text)
    )


def _own_spans(text: str) -> list[Span]:
    """Return all that is to be replaced in a text of the program's own."""
    known = _known
    spans = [*known_spans(text, known), *_cut_short(text, known)] if known else []
    folded = text.lower()
    if any(hint in folded for hint in _HINTS):
        for reading in list(readings(text))[:2]:
            spans += _look_alikes(reading)
    return spans


# -- replacing them --------------------------------------------------------------------------------


def _replaced(text: str, spans: Iterable[Span]) -> str:
    """Return a text with a mark for each stretch of spans; that of a known credential wins."""
    parts: list[str] = []
    done, last = 0, ""
    for start, end, mark in sorted(spans, key=lambda span: (span.start, -span.end)):
        if start >= done or not parts:
            parts += (text[done:start], mark)
        elif last == _REDACTED and mark != _REDACTED:
            parts[-1] = mark
        last = parts[-1]
        done = max(done, end)
    return "".join((*parts, text[done:])) if parts else text


def _outside_escapes(text: str, spans: Iterable[Span]) -> Iterator[Span]:
    r"""Yield the spans of a JSON text, none of which begins inside an escape such as `\n`."""
    for start, end, mark in spans:
        behind = text[max(0, start - 64) : start]
        if (len(behind) - len(behind.rstrip("\\"))) % 2:
            start += 5 if text[start] == "u" else 1
        yield Span(start, end, mark)
