"""Keys, client secrets and bearer tokens: what they look like, and how to keep them out of a text.

Two rules. A credential that this process uses, or a client secret that it received, is replaced in
everything that it reads from a server or writes, in any encoding (`redact_known`). Whatever else
looks like a credential is replaced as well in what the program writes of its own: messages, logs,
journals (`redact`). Conversations are content and follow the first rule alone.
"""

from __future__ import annotations

import re
import sys
from binascii import b2a_base64
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cache
from threading import Lock
from typing import Any, AnyStr, Final, NamedTuple

from chatkit_tui.escapes import Reading, readings

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


def redact_known(raw: bytes, *, sparing: str = "") -> bytes:
    """Return an answer without the credentials of this process; all else stays byte for byte.

    `sparing` is a kind that is left in. An answer that was JSON is JSON afterwards. Costs some 2 ns
    for each byte where nothing suggests a credential.
    """
    known = [credential for credential in _known if credential.kind != sparing]
    blocks = {at // _BLOCK for at in _suspects(raw, known)} if known else None
    if not blocks:
        return raw
    text = raw.decode("latin-1")
    spans = [
        _Span(base + start, base + end, mark)
        for base, part in _parts(text, blocks)
        for start, end, mark in _known_spans(part, known)
    ]
    return _replaced(text, _outside_escapes(text, spans)).encode("latin-1") if spans else raw


def holds_secret(text: str) -> bool:
    """Return whether a text holds a credential, or something that looks like one.

    What a user gives as an id, a user name or an address is refused then, before it is sent.
    """
    return bool(_own_spans(text))


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


class _Needle(NamedTuple):
    """A part of some spelling of a credential, and where its rarest character stands in it."""

    raw: bytes
    rare: bytes
    """Empty where no character is rare."""
    offset: int

    def places(self, raw: bytes) -> Iterator[int]:
        """Yield where it stands in `raw`: a search for one byte is far faster than for many."""
        at = raw.find(self.rare, self.offset) if self.rare else 0
        for _ in range(_MOST_HITS if self.rare else 0):
            if at < 0:
                return
            if raw.startswith(self.raw, at - self.offset):
                yield at
            at = raw.find(self.rare, at + 1)
        if at >= 0:
            yield from _places(raw, self.raw, max(0, at - self.offset))


_MOST_HITS: Final = 100
"""Occurrences of a byte after which it is not rare."""

_FEW_HITS: Final = 30
"""Occurrences of a byte that are found faster one by one than by a pattern."""


class _Credential:
    """A credential and the spellings that stand for it in any context."""

    __slots__ = ("exact", "folded", "kind", "mark", "needles", "value")

    def __init__(self, value: str, kind: str) -> None:
        raw = value.encode("utf-8", "surrogatepass")
        hexadecimal = raw.hex()
        self.value = value
        self.kind = kind
        self.mark = f"[{kind} redacted]"
        self.folded = (value.lower(), hexadecimal)
        """To be searched for in lower case."""
        self.exact = {value, raw.decode("latin-1"), *_base64_spellings(raw)}
        self.needles = tuple({needle for text in self.exact for needle in _needles(text)})


_known: tuple[_Credential, ...] = ()
"""Replaced as a whole, so that a reader in another thread needs no lock."""

_lock: Final = Lock()


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
        _known = (*kept, _Credential(value, kind))


def _base64_spellings(raw: bytes) -> Iterator[str]:
    """Yield what `raw` contributes to the base64 of any text around it, in both alphabets."""
    for before in range(3):
        whole = b2a_base64(b"\0" * before + raw, newline=False).decode()
        own = whole[-(-8 * before // 6) : 8 * (before + len(raw)) // 6]
        yield own
        yield own.translate(str.maketrans("+/", "-_"))


_RARE: Final = "ZXQJKVWYUGHFqzOjBNLDRPM"
_RAREST: Final = f"{_RARE}ETSCIA_-.xkvwybpgfmucldhrsnioate9876543210"
"""Characters by how seldom they occur in JSON, the rarest first."""


def _needles(text: str) -> Iterator[_Needle]:
    """Yield a needle for each half of the longest part that no sensible encoding changes, since a
    line break goes through one half at most; one for the whole where a half is hard to find."""
    plain = max(re.findall(r"[\w.-]+", text, re.ASCII) or ["\0"], key=len)
    halves = plain[: len(plain) // 2], plain[len(plain) // 2 :]
    rare = [min(half, key=_RAREST.find, default="") for half in halves]
    if not all(character and character in _RARE for character in rare):
        yield _Needle(plain.encode(), b"", 0)
        return
    for half, character in zip(halves, rare, strict=True):
        at = half.index(character)
        first = max(0, min(at - 5, len(half) - 12))
        yield _Needle(half[first : first + 12].encode(), character.encode(), at - first)


_CODE: Final = r"(?:2[35dDeE]|3[0-9]|[46][1-9a-fA-F]|[57][0-9aA]|5[cCfF])"
"""The codes of letters, digits and `-._`, which no sensible encoding escapes, and of `#%\\`, which
begin an escape."""

_NUMBER: Final = "(?:3[578]|4[5689]|5[0-7]|6[5-9]|[78][0-9]|9[0257-9]|1[01][0-9]|12[0-2])"
"""The same codes in decimal."""

_SUSPICIOUS: Final = (
    (b"%", f"(?:25)*(?:{_CODE}|26(?:amp;)*#)"),
    (b"&", f"(?:amp;)*(?:#0*{_NUMBER}(?![0-9])|#[xX]0*(?:26|{_CODE})|bsol|percnt|lowb|Under|peri)"),
    (b"\\", rf"u00(?:{_CODE}|00|26(?:amp;)*#)"),
    (b"\\", r"\\(?:[xU01_.-]|u\{)"),
)
"""What stands in every answer that holds a credential with a character escaped: what begins it,
which is fast to search for, and what follows."""


@cache
def _suspicious(introducer: bytes, rest: str) -> re.Pattern[bytes]:
    return re.compile(re.escape(introducer) + rest.encode())


def _suspects(raw: bytes, known: Sequence[_Credential]) -> Iterator[int]:
    """Yield places near which a credential may stand; it stands nowhere else."""
    for credential in known:
        for needle in credential.needles:
            yield from needle.places(raw)
    yield from _places(raw, b"\0")
    for introducer, rest in _SUSPICIOUS:
        yield from _escapes(raw, introducer, _suspicious(introducer, rest))


def _escapes(raw: bytes, introducer: bytes, pattern: re.Pattern[bytes]) -> Iterator[int]:
    at = raw.find(introducer)
    for _ in range(_FEW_HITS):
        if at < 0:
            return
        if pattern.match(raw, at):
            yield at
        at = raw.find(introducer, at + 1)
    if at >= 0:
        for match in pattern.finditer(raw, at):
            yield match.start()


# -- finding credentials ---------------------------------------------------------------------------


class _Span(NamedTuple):
    """A part of a text that `mark` is to stand for."""

    start: int
    end: int
    mark: str


_BLOCK: Final = 4096
"""Bytes before and behind a suspicious place that are read: more than an encoding makes of a
credential."""

_MOST_BLOCKS: Final = 256
"""Blocks that are read at a time, which bounds the memory that it takes."""


def _parts(text: str, blocks: set[int]) -> Iterator[tuple[int, str]]:
    """Yield parts of a text that hold the blocks with their neighbours, and where each begins."""
    wanted = sorted({near for block in blocks for near in (block - 1, block, block + 1)})
    first = 0
    for index, block in enumerate(wanted):
        is_last = index + 1 == len(wanted) or wanted[index + 1] != block + 1
        if is_last or index - first >= _MOST_BLOCKS:
            base = max(0, wanted[first] * _BLOCK)
            yield base, text[base : (block + 1) * _BLOCK]
            first = index + 1 if is_last else index - 1


def _known_spans(text: str, known: Sequence[_Credential]) -> Iterator[_Span]:
    """Yield where the credentials of this process stand in a text, in whatever encoding."""
    for reading in readings(text):
        folded = reading.text.replace("İ", "i").lower()  # the one letter that becomes two
        for credential in known:
            for said, spellings in (
                (reading.text, credential.exact),
                (folded, credential.folded),
            ):
                for spelling in spellings:
                    for start in _places(said, spelling):
                        yield _Span(*reading.span(start, start + len(spelling)), credential.mark)


def _places(text: AnyStr, part: AnyStr, start: int = 0) -> Iterator[int]:
    at = text.find(part, start)
    while at >= 0:
        yield at
        at = text.find(part, at + len(part))


def _cut_short(text: str, known: Sequence[_Credential]) -> Iterator[_Span]:
    """Yield the beginning of a credential that the end of a text cuts through."""
    for credential in known:
        at = text.rfind(credential.value[:SHORTEST_KNOWN])
        if at >= 0 and credential.value.startswith(text[at:]):
            yield _Span(at, len(text), credential.mark)


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


def _look_alikes(reading: Reading) -> Iterator[_Span]:
    for match in _look_alike().finditer(reading.text):
        group = match.lastgroup or ""
        found = match[group]
        if group == "random" and not _is_key(match["key"], found):
            continue
        if group == "token" and not _is_random(found):
            continue
        if found:
            yield _Span(*reading.span(match.start(group), match.end(group)), _REDACTED)


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


def _own_spans(text: str) -> list[_Span]:
    """Return all that is to be replaced in a text of the program's own."""
    known = _known
    spans = [*_known_spans(text, known), *_cut_short(text, known)] if known else []
    folded = text.lower()
    if any(hint in folded for hint in _HINTS):
        for reading in list(readings(text))[:2]:
            spans += _look_alikes(reading)
    return spans


# -- replacing them --------------------------------------------------------------------------------


def _replaced(text: str, spans: Iterable[_Span]) -> str:
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


def _outside_escapes(text: str, spans: Iterable[_Span]) -> Iterator[_Span]:
    r"""Yield the spans of a JSON text, none of which begins inside an escape such as `\n`."""
    for start, end, mark in spans:
        behind = text[max(0, start - 64) : start]
        if (len(behind) - len(behind.rstrip("\\"))) % 2:
            start += 5 if text[start] == "u" else 1
        yield _Span(start, end, mark)
