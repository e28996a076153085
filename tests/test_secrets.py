"""Secrets in any encoding, and text that only looks like one."""

from __future__ import annotations

import base64
import html
import json
import os
import re
import resource
import signal
import string
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from chatkit_tui import secrets
from chatkit_tui.models.json import Effort, StoppedError, TooMuchError, stoppable
from chatkit_tui.secrets import (
    API_KEY,
    CLIENT_SECRET,
    MOST_KNOWN,
    Secret,
    holds_secret,
    redact,
    redact_json,
    redact_known,
    remember_environment,
)

KEY = "sk-proj-" + "5up3r53cr3t_Canary-" * 8
OF_ANOTHER_SERVER = "Tq7.local+key/0f~my=Server"
Encoding = Callable[[str], str]

ENCODINGS: dict[str, Encoding] = {
    "as it is": str,
    "JSON": lambda text: json.dumps(text)[1:-1],
    "Unicode escapes": lambda text: "".join(f"\\u{ord(letter):04x}" for letter in text),
    "Unicode escapes of capitals": lambda text: "".join(f"\\u{ord(c):04X}" for c in text),
    "Unicode escapes in braces": lambda text: "".join(f"\\u{{{ord(c):x}}}" for c in text),
    "long Unicode escapes": lambda text: "".join(f"\\U{ord(c):08x}" for c in text),
    "hexadecimal escapes": lambda text: "".join(f"\\x{ord(letter):02x}" for letter in text),
    "octal escapes": lambda text: "".join(f"\\{ord(letter):03o}" for letter in text),
    "a backslash before signs": lambda text: re.sub(r"([^A-Za-z0-9])", r"\\\1", text),
    "sensible percent": lambda text: quote(text, safe=""),
    "percent": lambda text: "".join(f"%{ord(letter):02X}" for letter in text),
    "percent twice": lambda text: "".join(f"%25{ord(letter):02x}" for letter in text),
    "entities": lambda text: "".join(f"&#{ord(letter)};" for letter in text),
    "hexadecimal entities": lambda text: "".join(f"&#x{ord(letter):x};" for letter in text),
    "padded entities": lambda text: "".join(f"&#{ord(letter):05};" for letter in text),
    "named entities": lambda text: text.replace("_", "&lowbar;").replace(".", "&period;"),
    "entities in HTML": lambda text: html.escape("".join(f"&#{ord(letter)};" for letter in text)),
    "JSON in JSON": lambda text: json.dumps(ENCODINGS["Unicode escapes"](text))[1:-1],
    "JSON in a URL": lambda text: quote(ENCODINGS["Unicode escapes"](text), safe=""),
    "percent in JSON": lambda text: ENCODINGS["Unicode escapes"](ENCODINGS["percent"](text)),
    "entities in JSON": lambda text: ENCODINGS["entities"](text).replace("&", "\\u0026"),
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "base64 behind a letter": lambda text: base64.b64encode(f"x{text}y".encode()).decode(),
    "base64 of basic": lambda text: base64.b64encode(f"me:{text}".encode()).decode(),
    "base64 for URLs": lambda text: base64.urlsafe_b64encode(f"??{text}>>".encode()).decode(),
    "base64 in a URL": lambda text: quote(base64.b64encode(text.encode()).decode(), safe=""),
    "every letter on a line": "\n".join,
    "UTF-16": lambda text: "\0".join(text),
}


def test_every_encoding_is_of_use() -> None:
    assert len({encode(KEY) for encode in ENCODINGS.values()}) == len(ENCODINGS) - 2


@pytest.mark.parametrize("key", [KEY, OF_ANOTHER_SERVER])
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_known_key_does_not_survive_in_any_encoding(encoding: str, key: str) -> None:
    encoded = ENCODINGS[encoding](key)
    text = f"it was {encoded}, they said"
    Secret(key)
    found = redact(text)
    assert found.startswith("it was ")
    assert found.endswith(", they said")
    assert "[API key redacted]" in found
    assert left_of(key, found) == ""
    if encoding == "every letter on a line":
        return  # of content, a break goes through it once
    answer = json.dumps({"before": 1, "text": text, "behind": [2]}).encode()
    redacted = redact_known(answer)
    read = json.loads(redacted)
    assert "[API key redacted]" in read["text"]
    assert left_of(key, read["text"]) == ""
    assert (read["before"], read["behind"]) == (1, [2])
    assert redacted.startswith(b'{"before": 1, "text": "it was ')


def left_of(key: str, text: str) -> str:
    """Return eight consecutive characters of a key that remain in a text."""
    parts = [key[at : at + 8] for at in range(len(key) - 7)]
    return next(
        (part for part in parts for encode in ENCODINGS.values() if encode(part) in text), ""
    )


@pytest.mark.parametrize("spelled", [KEY.encode().hex(), KEY.encode().hex().upper()])
def test_a_known_key_in_hexadecimal_digits_does_not_survive(spelled: str) -> None:
    with_known(KEY)
    redacted = redact_known(f'{{"title": "h {spelled} z"}}'.encode())
    assert redacted == b'{"title": "h [API key redacted] z"}'


@pytest.mark.parametrize("start", ["nvapi-", "r-", "tok_", "u0041", "x41", "052", "sk-"])
def test_a_backslash_before_a_key_is_not_taken_for_a_part_of_it(start: str) -> None:
    key = f"{start}5up3r53cr3tCanary0"
    with_known(key)
    encoded = f"{key[:-1]}\\\\u0030"
    for text in (f"C:\\{encoded}", f"C:\\\\{encoded}", f"C:\\{key}"):
        assert "5up3r53cr3t" not in redact(text)
        answer = json.dumps({"text": text}).encode()
        assert "5up3r53cr3t" not in json.loads(redact_known(answer))["text"]


keys = st.builds(
    str.__add__,
    st.sampled_from(["sk-", "sk-proj-", "ek_", "nvapi-", "u00", ""]),
    st.text(string.ascii_letters + string.digits + "-_.~+/=", min_size=12, max_size=60),
).filter(lambda key: not key.isalpha() and not key.isdigit())


@pytest.mark.slow
@given(
    key=keys,
    ways=st.lists(st.sampled_from(sorted(ENCODINGS)), min_size=1, max_size=3),
    around=st.text(st.characters(exclude_categories=["Cs"]), max_size=40),
    data=st.data(),
)
def test_a_key_in_which_encodings_are_mixed_does_not_survive(
    key: str, ways: list[str], around: str, data: st.DataObject
) -> None:
    plain = [ENCODINGS[way] for way in ways if not way.startswith(("base64", "every", "UTF"))]
    choices = st.sampled_from([ENCODINGS["as it is"], *plain])
    encoded = "".join(data.draw(choices)(letter) for letter in key)
    assume(key.lower() not in around.lower())
    with_known(key)
    for text in (f"{around}{encoded}{around}", f"{around} {encoded}"):
        assert key not in redact(text)
        assert encoded not in redact(text)
        answer = json.dumps({"text": text}, ensure_ascii=len(around) % 2 == 0).encode()
        read = json.loads(redact_known(answer))["text"]
        assert encoded not in read
        assert key not in read


def with_known(*values: str) -> None:
    """Replace the known secrets; hypothesis has one fixture for all its examples."""
    secrets._known = ()
    for value in values:
        Secret(value)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=30),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)


@pytest.mark.slow
@given(value=anything, ascii_only=st.booleans(), more=st.binary(max_size=60))
def test_an_answer_without_a_known_key_stays_byte_for_byte(
    value: object, ascii_only: bool, more: bytes
) -> None:
    with_known(KEY, OF_ANOTHER_SERVER)
    others = (
        b"sk-proj-someone-e1ses-key ek_68e59d0a1b2c3d4e5f Bearer abcDEF123456 \\u0073k %73k &#115;"
    )
    for raw in (json.dumps(value, ensure_ascii=ascii_only).encode(), more, others + more + others):
        assert redact_known(raw) == raw


@given(text=st.text(st.characters(exclude_categories=()), max_size=200))
def test_redaction_never_fails_and_is_idempotent(text: str) -> None:
    with_known(KEY)
    for mixed in (text, f"sk-{text}", f"{text}\\u0073k-proj-{text}", f"client_secret={text}"):
        once = redact(mixed)
        assert redact(once) == once


def test_a_long_answer_is_searched_through() -> None:
    Secret(KEY)
    filling = b'{"text": "' + b"\\u00e9 100% & <b>a</b> \\n" * 60_000
    for encoding in ("as it is", "Unicode escapes", "base64", "percent"):
        encoded = ENCODINGS[encoding](KEY).encode()
        answer = filling + encoded + filling[10:] + encoded + b'"}'
        redacted = redact_known(answer)
        assert redacted.count(b"[API key redacted]") == 2
        assert redacted.startswith(filling)


@pytest.mark.parametrize("boundary", [4096, 64 * 4096, 128 * 4096])
@pytest.mark.parametrize("encoding", ["as it is", "Unicode escapes", "entities", "UTF-16"])
def test_a_key_is_found_where_the_parts_of_an_answer_meet(encoding: str, boundary: int) -> None:
    Secret(KEY)
    encoded = ENCODINGS[encoding](KEY).encode()
    for before in (1, len(encoded) // 2, len(encoded) - 1):
        filling = b"." * (boundary - before)
        assert redact_known(filling + encoded + b".") == filling + b"[API key redacted]."


@pytest.mark.parametrize("run", ["\\", "\\\\x", "%25", "&amp;", "&#0", "%", "&"])
def test_a_long_run_of_what_begins_an_escape_takes_linear_time(run: str) -> None:
    Secret(KEY)
    text = run * (150_000 // len(run))
    begun = time.process_time()
    assert redact(text[:20_000]) == text[:20_000]
    assert redact_known(b"\\\\x" + text.encode()) == b"\\\\x" + text.encode()
    assert time.process_time() - begun < 1


def test_the_search_of_an_answer_is_limited_and_can_be_stopped() -> None:
    Secret(KEY)
    escapes = rb"\\x41" * 2_000
    assert redact_known(escapes, spend=Effort(4_100).spend) == escapes
    for costly in (escapes, KEY.encode() * 20):
        with pytest.raises(TooMuchError):
            redact_known(costly, spend=Effort(1_900).spend)
    with stoppable() as stop:
        effort = Effort()
        stop.set()
        with pytest.raises(StoppedError):
            redact_known(escapes, spend=effort.spend)


@pytest.mark.parametrize(
    "text",
    [
        "cthr_" + "a1b2c3d4" * 6,
        "cti_" + "0123456789abcdef" * 3,
        "cksess_" + "68e59d0a" * 6,
        "550e8400-e29b-41d4-a716-446655440000",
        "sk-",
        "sk-SK",
        "sk-learn-based-classification-models",
        "sk-2024-report",
        "task-force-alpha and risk-averse1234567 desk-proj-12345678 flask-1a2b3c4d5e",
        "ek_",
        "week_2024_12 and seek_position_12345678",
        "ek_johnson_family",
        "Bearer authentication is required",
        "basic authentication",
        "a token bearer of good news",
        "client_secret must be text",
        "the client_secret: none",
        "req_0123456789abcdef",
        "proj_Abc123Def456",
        "org-Abc123Def456",
        "wf_68e59d0a1b2c3d4e5f",
        "ada@example.test",
        "https://platform.openai.com/logs/cthr_" + "a1b2c3d4" * 6 + "?tab=all&x=%20y",
        r"C:\Users\ada\chatkit",
        "100 % sure & <b>bold</b> **",
    ],
)
def test_ids_and_words_are_not_secrets(text: str) -> None:
    Secret(KEY)
    assert redact(text) == text
    assert not holds_secret(text)


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("sk-proj-abcd1234efgh", "sk-[redacted]"),
        ("the key sk-1a2b3c4d5e6f7g8h.", "the key sk-[redacted]."),
        ("sk-svcacct-onlywords", "sk-[redacted]"),
        (f"sk-{'aB3' * 16}", "sk-[redacted]"),
        ("sk-pr********cr3t is wrong", "sk-[redacted] is wrong"),
        ("sess-0123456789abcdefABCD", "sess-[redacted]"),
        ("ek_68e59d0a1b2c3d4e", "ek_[redacted]"),
        ("_ek_68e59d0a1b2c3d4e", "_ek_[redacted]"),
        ("Bearer abcDEF123456ghij", "Bearer [redacted]"),
        ("bearer  0123456789abcdef==, x", "bearer  [redacted], x"),
        ("Authorization: Basic dXNlcjpwYXNz", "Authorization: Basic [redacted]"),
        ('"authorization": "Bearer words-only"', '"authorization": "Bearer [redacted]"'),
        ('{"client_secret": "a\\"b", "x": 1}', '{"client_secret": "[redacted]", "x": 1}'),
        ('{"client_secret":"cut', '{"client_secret":"[redacted]'),
        ('"{\\"client_secret\\": \\"ab\\"}"', '"{\\"client_secret\\": \\"[redacted]\\"}"'),
        ("client_secret=abcdefgh&x=1", "client_secret=[redacted]&x=1"),
        ("eyJhbGciOiJub.eyJzdWIiOiIx.sig", "[redacted]"),
        ("sk%2Dproj%2Dabcd1234efgh", "sk%2D[redacted]"),
        ("\\u0073k-proj-abcd1234efgh", "\\u0073k-[redacted]"),
        ("ek&#95;68e59d0a1b2c3d4e", "ek&#95;[redacted]"),
    ],
)
def test_what_looks_like_a_credential_is_redacted_in_text_of_our_own(
    text: str, redacted: str
) -> None:
    assert redact(text) == redacted
    assert holds_secret(text)
    assert redact_json({"x": [text, 1]}) == {"x": [redacted, 1]}
    assert redact_known(text.encode()) == text.encode()


def test_a_key_that_the_end_of_a_text_cuts_through_is_redacted() -> None:
    Secret(OF_ANOTHER_SERVER)
    assert redact(f"It begins: {OF_ANOTHER_SERVER[:11]}") == "It begins: [API key redacted]"
    assert redact(f"It begins: {OF_ANOTHER_SERVER[:7]}") == f"It begins: {OF_ANOTHER_SERVER[:7]}"


def test_a_key_is_found_in_small_letters_in_text_of_our_own() -> None:
    Secret(KEY)
    assert redact(f"İ http://{KEY.lower()}/ İ") == "İ http://[API key redacted]/ İ"


@pytest.mark.parametrize("word", ["", "short1!", "password", "12345678", "1764000000"])
def test_a_key_that_is_like_a_word_or_a_number_is_not_taken_out_of_conversations(word: str) -> None:
    Secret(word)
    assert redact_known(f"a {word} b".encode()) == f"a {word} b".encode()


def test_a_kind_of_secret_can_be_left_in() -> None:
    Secret(KEY)
    Secret("ek_0123456789abcdef", CLIENT_SECRET)
    raw = f'["{KEY}", "ek_0123456789abcdef"]'.encode()
    assert redact_known(raw) == b'["[API key redacted]", "[client secret redacted]"]'
    assert redact_known(raw, except_kind=CLIENT_SECRET) == (
        b'["[API key redacted]", "ek_0123456789abcdef"]'
    )


def test_the_newest_of_each_kind_are_known() -> None:
    Secret(KEY)
    made = [f"ek_{number:032x}f" for number in range(MOST_KNOWN + 4)]
    threads = [threading.Thread(target=Secret, args=(value, CLIENT_SECRET)) for value in made]
    for thread in threads:
        thread.start()
        thread.join()
    assert redact_known(KEY.encode()) == b"[API key redacted]"
    known = [value for value in made if redact_known(value.encode()) != value.encode()]
    assert known == made[-MOST_KNOWN:]


def test_the_key_and_the_proxy_passwords_of_an_environment_are_known() -> None:
    remember_environment(
        {
            "OPENAI_API_KEY": f" {KEY} ",
            "https_proxy": "http://me:pa%40ss-w0rd!@proxy.test:3128",
            "ALL_PROXY": "socks5://proxy.test",
        }
    )
    assert redact(f"{KEY} pa@ss-w0rd! pa%40ss-w0rd!") == (
        "[API key redacted] [proxy password redacted] [proxy password redacted]"
    )


def test_a_secret_shows_its_last_four_characters_at_most() -> None:
    assert (repr(Secret(KEY)), Secret("0123456789ab").hint) == ("Secret(…ary-)", "89ab")
    assert (Secret("0123456789a").hint, Secret("k").hint) == ("", "")
    assert (Secret(KEY) == Secret(KEY, API_KEY), bool(Secret("")), Secret("a") == "a") == (
        True,
        False,
        False,
    )


@pytest.mark.skipif(sys.platform != "linux", reason="a core is written elsewhere on other systems")
@pytest.mark.parametrize("is_ended_by", [signal.SIGQUIT, signal.SIGABRT, signal.SIGSEGV])
def test_no_signal_leaves_a_core_dump_with_a_key(
    tmp_path: Path, is_ended_by: signal.Signals
) -> None:
    limit = resource.getrlimit(resource.RLIMIT_CORE)[1]

    def allow_core() -> None:
        resource.setrlimit(resource.RLIMIT_CORE, (limit, limit))

    # It waits for its own end where the program would run: what comes before is what counts.
    program = (
        "import os, chatkit_tui.cli.main as main, chatkit_tui.__main__ as entry\n"
        f"main.run = lambda _: os.kill(os.getpid(), {int(is_ended_by)}) or 0\n"
        "entry.main()\n"
    )
    with subprocess.Popen(  # noqa: S603 # our own program
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env={**os.environ, "OPENAI_API_KEY": KEY, "PYTHONPATH": str(Path(__file__).parents[1])},
        preexec_fn=allow_core,
    ) as process:
        _, status = os.waitpid(process.pid, 0)
        process.returncode = 0
    assert os.WTERMSIG(status) == is_ended_by
    assert not os.WCOREDUMP(status)
    assert list(tmp_path.iterdir()) == []
