"""Finds API keys, bearer tokens and other credentials in conversations.

What this program knows of keys is in `secrets`; here are further vendors, whose keys the users of
an assistant paste. No word is a key for its length alone: ids and hashes are as random.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from chatkit_tui.export.redaction.found import Found, has_any
from chatkit_tui.secrets import credential_spans

_PREFIXED: Final = (
    r"gh[pousr]_[A-Za-z0-9]{20,}",
    r"github_pat_\w{22,}",
    r"gl(?:pat|dt|rt|ptt|cbt)-[\w-]{20,}",
    r"xox[abeoprs]-[\w-]{10,}",
    r"xapp-\d-[\w-]{10,}",
    r"(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}",
    r"AIza[\w-]{35}",
    r"ya29\.[\w-]{20,}",
    r"GOCSPX-[\w-]{20,}",
    r"[rsp]k_(?:live|test)_[A-Za-z0-9]{10,}",
    r"whsec_[A-Za-z0-9+/=]{20,}",
    r"SG\.[\w-]{16,}\.[\w-]{16,}",
    r"npm_[A-Za-z0-9]{30,}",
    r"pypi-[\w-]{50,}",
    r"hf_[A-Za-z0-9]{30,}",
    r"gsk_[A-Za-z0-9]{40,}",
    r"r8_[A-Za-z0-9]{30,}",
    r"do[oprt]_v1_[0-9a-f]{40,}",
    r"shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}",
    r"sq0(?:atp|csp)-[\w-]{20,}",
    r"EAAA[\w-]{50,}",
    r"dapi[0-9a-f]{32}",
    r"ATATT3[\w=-]{30,}",
    r"lin_api_[A-Za-z0-9]{30,}",
    r"(?:ntn|secret)_[A-Za-z0-9]{40,}",
    r"xkeysib-[0-9a-f]{60,}[\w-]*",
    r"key-[0-9a-f]{32}",
    r"NRAK-[A-Z0-9]{27}",
    r"hv[sbr]\.[\w-]{24,}",
    r"glsa_\w{32,}",
    r"sntry[su]_[\w+/=.-]{40,}",
    r"sbp_[0-9a-f]{40}",
    r"\d{8,10}:AA[\w-]{33}",
    r"AGE-SECRET-KEY-1[0-9A-Z]{58}",
)
_HINTS: Final = (
    *("ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-", "gldt-", "glrt-", "glptt-"),
    *("glcbt-", "xox", "xapp-", "AKIA", "ASIA", "ABIA", "ACCA", "AIza", "ya29.", "GOCSPX-"),
    *("_live_", "_test_", "whsec_", "SG.", "npm_", "pypi-", "hf_", "gsk_", "r8_", "_v1_", "shp"),
    *("sq0", "EAAA", "dapi", "ATATT3", "lin_api_", "ntn_", "secret_", "xkeysib-", "key-", "NRAK-"),
    *("hvs.", "hvb.", "hvr.", "glsa_", "sntry", "sbp_", ":AA", "AGE-SECRET"),
)
"""Every text in which a key of `_PREFIXED` is has one of these."""

_NAMES: Final = (
    r"(?:api|access|secret|private|account|auth|signing|encryption)[ _-]?keys?"
    r"|(?:access|refresh|auth|api|bearer|id|session|secret)[ _-]?tokens?"
    r"|(?:client|app|shared|webhook)?[ _-]?secrets?|pass(?:word|wd|phrase)|authorization"
)
_NAMED: Final = re.compile(
    rf"(?i:(?<![A-Za-z])(?:{_NAMES}))[\"'\\]*\s*[:=]\s*[\"'\\]*([\w.~+/=!@#$%^*-]{{8,}})", re.ASCII
)
_NAMING: Final = ("key", "token", "secret", "pass", "authorization")
"""Every text in which `_NAMED` finds something has one of these in lower case."""
_NAME: Final = re.compile(rf"(?:.*[^A-Za-z])?(?:{_NAMES})", re.IGNORECASE)
_CAMEL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_SHORTEST: Final = 8
"""Characters of the shortest key."""
_WORD: Final = re.compile(r"\S{8,}")

_PATTERNS: Final = (
    (_HINTS, re.compile(rf"(?<![\w-])(?P<key>{'|'.join(_PREFIXED)})(?!\w)", re.ASCII)),
    (
        ("PRIVATE KEY",),
        re.compile(
            r"(?P<key>-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----.*?"
            r"(?:-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----|\Z))",
            re.DOTALL,
        ),
    ),
    (("hooks.slack",), re.compile(r"hooks\.slack\.com/services/(?P<key>[A-Za-z0-9/]{20,})")),
    (("://",), re.compile(r"://[^\s/:@\"'<>]*:(?P<key>[^\s/@\"'<>]{3,})@")),
)
"""What a text must have one of, and the pattern of a key in it."""


def find_keys(text: str, name: str) -> Iterator[Found]:
    """Yield keys, tokens, private keys and the passwords of addresses."""
    for start, end, _ in credential_spans(text):
        if end - start >= _SHORTEST and text[start] not in "$<{":  # names for a key to be put in
            yield Found(start, end, text[start:end])
    for hints, pattern in _PATTERNS:
        if has_any(text, hints):
            for match in pattern.finditer(text):
                yield Found(*match.span("key"), match["key"])
    folded = text.lower()
    is_named = has_any(folded, _NAMING)
    named = [match.span(1) for match in _NAMED.finditer(text)] if is_named else []
    if name and _names_key(name):
        named += (match.span() for match in _WORD.finditer(text))
    for start, end in named:
        if _is_mixed(text[start:end]):
            yield Found(start, end, text[start:end])


@lru_cache(1024)
def _names_key(name: str) -> bool:
    return _NAME.fullmatch(words_of(name)) is not None


def words_of(name: str) -> str:
    """Return the name of a member with its words apart: `homePhone` is `home_Phone`."""
    return _CAMEL.sub("_", name)


def _is_mixed(text: str) -> bool:
    """Return whether a word has letters and digits, as a sentence about passwords has not."""
    has_digit = any(map(str.isdigit, text))
    return has_digit and any(map(str.isalpha, text))
