"""Which proxy applies, as a table of environments."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatkit_tui.errors import ConfigError
from chatkit_tui.sources.http.proxies import is_exposed, is_loopback, proxy_for

API = "https://api.openai.com/v1"
PROXY = "http://proxy.test:3128"


def used(base_url: str, **environ: str) -> str | None:
    """The proxy in use as `VARIABLE url`, or None."""
    proxy = proxy_for(base_url, environ)
    return f"{proxy.variable} {proxy.url}" if proxy else None


@pytest.mark.parametrize(
    ("base_url", "environ", "expected"),
    [
        (API, {}, None),
        (API, {"HTTPS_PROXY": PROXY}, f"HTTPS_PROXY {PROXY}"),
        (API, {"https_proxy": "http://low:1", "HTTPS_PROXY": PROXY}, "https_proxy http://low:1"),
        (API, {"https_proxy": "", "HTTPS_PROXY": PROXY}, f"HTTPS_PROXY {PROXY}"),
        (API, {"HTTPS_PROXY": " ", "ALL_PROXY": PROXY}, f"ALL_PROXY {PROXY}"),
        (API, {"HTTP_PROXY": PROXY}, None),
        (API, {"HTTP_PROXY": "nonsense://x"}, None),
        (API, {"ALL_PROXY": "socks4://x", "HTTPS_PROXY": PROXY}, f"HTTPS_PROXY {PROXY}"),
        ("http://api.test/v1", {"HTTP_PROXY": PROXY}, f"HTTP_PROXY {PROXY}"),
        ("http://api.test/v1", {"HTTPS_PROXY": PROXY}, None),
        ("http://api.test/v1", {"all_proxy": PROXY}, f"all_proxy {PROXY}"),
        (API, {"HTTPS_PROXY": "proxy.test:3128"}, f"HTTPS_PROXY {PROXY}"),
        (API, {"HTTPS_PROXY": "http://proxy.test"}, "HTTPS_PROXY http://proxy.test:80"),
        (API, {"HTTPS_PROXY": "https://proxy.test/"}, "HTTPS_PROXY https://proxy.test:443"),
        (API, {"ALL_PROXY": "socks://proxy.test"}, "ALL_PROXY socks5://proxy.test:1080"),
        (API, {"ALL_PROXY": "socks5h://proxy.test:9"}, "ALL_PROXY socks5://proxy.test:9"),
        (API, {"ALL_PROXY": "SOCKS5://[::1]:9"}, "ALL_PROXY socks5://[::1]:9"),
        (API, {"HTTPS_PROXY": "http://ada:pa%40ss@p.test:1"}, "HTTPS_PROXY http://p.test:1"),
        (API, {"HTTPS_PROXY": "http://bücher.test:1"}, "HTTPS_PROXY http://xn--bcher-kva.test:1"),
    ],
)
def test_the_variable_that_applies_names_the_proxy(
    base_url: str, environ: dict[str, str], expected: str | None
) -> None:
    assert used(base_url, **environ) == expected


def test_user_name_and_password_are_decoded_and_never_shown() -> None:
    proxy = proxy_for(API, {"HTTPS_PROXY": "http://ada:pa%40ss@p.test:1"})
    assert proxy is not None
    assert (proxy.username, proxy.password) == ("ada", "pa@ss")
    assert "ada" not in repr(proxy) + proxy.place
    assert "pa@ss" not in repr(proxy) + proxy.place


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("nonsense://x", "unknown kind"),
        ("socks4://x:1080", "unknown kind"),
        ("http://", "not the address of a proxy"),
        ("http://x:port", "not the address of a proxy"),
        ("http://x:99999", "not the address of a proxy"),
        ("http://[::1", "not the address of a proxy"),
        ("://", "not the address of a proxy"),
        (f"http://{'ü' * 70}.test", "not the address of a proxy"),
    ],
)
def test_a_proxy_that_cannot_be_used_is_named_with_its_value(value: str, words: str) -> None:
    with pytest.raises(ConfigError, match=words) as caught:
        proxy_for(API, {"ALL_PROXY": value})
    assert "ALL_PROXY" in str(caught.value)
    assert value in str(caught.value)
    assert proxy_for(API, {"ALL_PROXY": value, "NO_PROXY": "openai.com"}) is None
    assert proxy_for("http://127.0.0.1:8123/v1", {"ALL_PROXY": value}) is None


@pytest.mark.parametrize(
    "value",
    [
        "socks4://ada:hunter2@x",
        "http://ada:hun@ter2/w#rd@127.0.0.1:9",
        "http://ada:hun?ter2@127.0.0.1:9",
        "ada:hun#ter2@127.0.0.1:9",
    ],
)
def test_a_password_is_neither_quoted_nor_read_as_a_host(value: str) -> None:
    with pytest.raises(ConfigError, match="ALL_PROXY") as caught:
        proxy_for(API, {"ALL_PROXY": value})
    assert "ter2" not in str(caught.value)
    assert "hun" not in str(caught.value)


DIRECT = [
    ("https://api.openai.com", "*"),
    ("https://api.openai.com", "localhost, *"),
    ("https://api.openai.com", "api.openai.com"),
    ("https://API.OpenAI.com.", "api.openai.com"),
    ("https://api.openai.com", "openai.com"),
    ("https://api.openai.com", ".openai.com"),
    ("https://api.openai.com", "*.openai.com"),
    ("https://api.openai.com", "OPENAI.COM."),
    ("https://api.openai.com", "a.test openai.com"),
    ("https://api.openai.com", "a.test,,\topenai.com,"),
    ("https://api.openai.com", "com"),
    ("https://api.openai.com", "api.openai.com:443"),
    ("https://api.test:8443", "api.test:8443"),
    ("https://api.test:8443", "api.test"),
    ("https://bücher.test", "xn--bcher-kva.test"),
    ("https://xn--bcher-kva.test", "bücher.test"),
    ("https://10.1.2.3", "10.1.2.3"),
    ("https://10.1.2.3", "10.0.0.0/8"),
    ("https://10.1.2.3", "10.9.9.9/8"),
    ("https://10.1.2.3:81", "10.0.0.0/8"),
    ("https://10.1.2.3:81", "10.1.2.3:81"),
    ("https://10.1.2.3", "0.0.0.0/0"),
    ("https://[fe80::1]", "fe80::/10"),
    ("https://[fe80::1]", "[fe80::]/10"),
    ("https://[fe80::1]", "[fe80::/10]"),
    ("https://[fe80::1%25eth0]", "fe80::/10"),
    ("https://[2001:db8::1]", "[2001:db8::1]"),
    ("https://[2001:db8::1]", "2001:DB8:0::1"),
    ("https://[2001:db8::1]:81", "[2001:db8::1]:81"),
    ("https://[2001:db8::1]", "2001:db8::/32"),
    ("https://[2001:db8::1]", "::1/128 fe80::/10 [2001:db8::1]"),
    ("https://[::ffff:10.1.2.3]", "10.0.0.0/8"),
    ("https://127.0.0.1:8123", ""),
    ("http://127.9.9.9:8123", ""),
    ("http://127.1:8123", ""),
    ("http://2130706433:8123", ""),
    ("http://0x7f.1:8123", ""),
    ("http://[::1]:8123", ""),
    ("http://[::ffff:127.0.0.1]:8123", ""),
    ("http://localhost:8123", ""),
    ("http://LOCALHOST.:8123", ""),
    ("http://localhost", "<-loopback>,localhost"),
    ("http://127.0.0.1", "<-loopback>,127.0.0.0/8"),
]

PROXIED = [
    ("https://api.openai.com", ""),
    ("https://api.openai.com", "penai.com"),
    ("https://api.openai.com", "api.openai.com.evil.test"),
    ("https://api.openai.com", "x.api.openai.com"),
    ("https://api.openai.com", "api.openai.com:80"),
    ("https://api.openai.com", "api.openai.com:8443"),
    ("https://api.openai.com", "*.api.openai.com.test"),
    ("https://api.openai.com", "."),
    ("https://api.openai.com", "[::1"),
    ("https://api.openai.com", "::1/128,fe80::/10,[::1]"),
    ("https://api.openai.com", "http://api.openai.com"),
    ("https://api.test:8443", "api.test:443"),
    ("https://10.1.2.3", "10.1.2"),
    ("https://10.1.2.3", "2.3"),
    ("https://10.1.2.3", "10.0.0.0/99"),
    ("https://10.1.2.3", "10.0.0.0/-1"),
    ("https://10.1.2.3", "11.0.0.0/8"),
    ("https://10.1.2.3:81", "10.1.2.3:82"),
    ("https://[2001:db8::1]", "2001:db9::/32"),
    ("https://[2001:db8::1]:81", "[2001:db8::1]:82"),
    ("https://[2001:db8::1]", "0.0.0.0/0"),
    ("https://127.0.0.1.evil.test", ""),
    ("https://localhost.evil.test", ""),
    ("http://localhost:8123", "<-loopback>"),
    ("http://127.0.0.1:8123", "a.test <-LOOPBACK>"),
    ("http://[::1]:8123", "<-loopback>,127.0.0.0/8"),
]


@pytest.mark.parametrize(("base_url", "no_proxy"), DIRECT)
def test_what_no_proxy_names_and_loopback_are_reached_directly(
    base_url: str, no_proxy: str
) -> None:
    assert used(f"{base_url}/v1", ALL_PROXY=PROXY, NO_PROXY=no_proxy) is None


@pytest.mark.parametrize(("base_url", "no_proxy"), PROXIED)
def test_other_hosts_are_reached_through_the_proxy(base_url: str, no_proxy: str) -> None:
    assert used(f"{base_url}/v1", ALL_PROXY=PROXY, no_proxy=no_proxy) == f"ALL_PROXY {PROXY}"


def test_the_lower_case_form_of_no_proxy_takes_precedence() -> None:
    environ = {"ALL_PROXY": PROXY, "no_proxy": "a.test", "NO_PROXY": "openai.com"}
    assert proxy_for(API, environ) is not None


@given(st.text(max_size=40), st.text(max_size=40), st.text(max_size=20))
def test_no_environment_raises_another_error(proxy: str, excluded: str, host: str) -> None:
    environ = {"ALL_PROXY": proxy, "NO_PROXY": excluded}
    for base_url in (API, "http://127.0.0.1:1/v1", f"http://{host}/v1"):
        with suppress(ConfigError):
            proxy_for(base_url, environ)
        is_exposed(base_url, environ)


@pytest.mark.parametrize(
    ("base_url", "environ", "exposed"),
    [
        (API, {"ALL_PROXY": PROXY}, False),
        ("http://api.test/v1", {}, True),
        ("http://api.test/v1", {"HTTP_PROXY": "https://proxy.test"}, True),
        ("http://127.0.0.1/v1", {"HTTP_PROXY": PROXY}, False),
        ("http://127.0.0.1/v1", {"HTTP_PROXY": PROXY, "NO_PROXY": "<-loopback>"}, True),
        ("http://127.0.0.1/v1", {"ALL_PROXY": "socks5://p", "NO_PROXY": "<-loopback>"}, True),
        ("http://127.0.0.1/v1", {"ALL_PROXY": "localhost:1", "NO_PROXY": "<-loopback>"}, False),
        ("http://127.0.0.1/v1", {"ALL_PROXY": "socks4://p", "NO_PROXY": "<-loopback>"}, False),
    ],
)
def test_a_key_that_leaves_this_machine_unencrypted_is_exposed(
    base_url: str, environ: dict[str, str], *, exposed: bool
) -> None:
    assert is_exposed(base_url, environ) is exposed


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1", "0177.0.0.1", "::1", "localhost"])
def test_loopback_has_many_notations(host: str) -> None:
    assert is_loopback(host)
