"""Input that is no key, with `D` and `y` in it: as keys they would delete a thread."""

from __future__ import annotations

from typing import Final

PASTE_BEGIN: Final = b"\x1b[200~"
PASTE_END: Final = b"\x1b[201~"

PASTED: Final = (
    b" \x1b[31mDy ",
    b"\x1b[0m\x1b[1;31mDy",
    b"\x1b]52;c;RDy0\x07Dy",
    b"\x1b]8;;https://a.example\x1b\\Dy\x1b]8;;\x1b\\",
    b"\x1bP1$r0mDy\x1b\\Dy",
    b"\x1b_Gi=1;Dy\x1b\\Dy",
    b"\x1b[68u\x1b[121u",
    b"\x1bD\x1by",
    b"\x1b\x1b\x1bDy",
    b"\x1b[A\x1bOADy",
    b"\x1b[200~Dy",
    b"a\x1b[201~Dy",
    b"a\x1b[201~Dy\x1b[200~b\x1b[201~Dy",
    b"\x1b[1;1RDy",
    b"\x1b[MDyDDy",
    b"\x9b31mDy\xc2\x9b31mDy",
    b"\xe9Dy\xff\xfe\xed\xa0\x80Dy",
    b"\x00D\x00y\x03\x1aDy\r\n\tDy",
    b"\x1b",
    b"Dy\x1b[20",
    b"Dy" * 4000,
)
"""Texts of bracketed pastes."""

STRINGS: Final = (
    b"\x1b]52;c;RDy0\x07",
    b"\x1b]52;c;RDy0\x1b\\",
    b"\x1b]4;1;rgb:DDDD/yyyy/DDDD\x1b\\",
    b"\x1b]10;rgb:DDDD/yyyy/DDDD\x07",
    b"\x1b]11;rgb:DDDD/yyyy/DDDD\x1b\\",
    b"\x1b]lDy\x1b\\",
    b"\x1b]8;;Dy\x1b\x1b\x1b[Dy\x1bDy\x07",
    b"\x1bP>|terminal(Dy)\x1b\\",
    b"\x1bP1$r1;31mDy\x1b\\",
    b"\x1bP!|DDDDyyyy\x1b\\",
    b"\x1bP1+r5444=\x07Dy\x1b\\",
    b"\x1b_Gi=31;EBADF:Dy\x1b\\",
    b"\x1b^Dy\x1b\\",
    b"\x1bXDy\x1b\\",
    b"\x1b]52;c;" + b"Dy" * 20_000 + b"\x07",
)
"""Late or unknown replies."""

SEQUENCES: Final = (
    b"\x1b[?62;22c",
    b"\x1b[>41;330;0c",
    b"\x1b[0n",
    b"\x1b[8;24;80t",
    b"\x1b[4;480;640t",
    b"\x1b[?1u",
    b"\x1b[?4;2$y",
    b"\x1b[68~",
    b"\x1b[121~",
    b"\x1b[68A",
    b"\x1b[121H",
    b"\x1b[68;1S",
    b"\x1b[68;1:3u",
    b"\x1b[121;1:3u",
    b"\x1b[68;5:3;68u",
    b"\x1b[97;1;68:121u",
    b"\x1b[68:121:68;999;121u",
    b"\x1b[1114112u",
    b"\x1b[55296u",
    b"\x1b[57600:68u",
    b"\x1b[0u",
    b"\x1b[97;;1114112u",
    b"\x1b[97;;55296:27u",
    b"\x1b[99999999999999999999u",
    b"\x1b[1;1;1;1;1;1u",
    b"\x1b[:::;::;::u",
    b"\x1b[M Dy",
    b"\x1b[M\xe9\xf0y",
    b"\x1b[<0;999999;999999M",
    b"\x1b[<999;0;0m",
    b"\x1b[<35;-5;-5M",
    b"\x1b[35;68;121M",
    b"\x1b[48;999999;999999;1;1t",
    b"\x1b[48;24;80;0;0t",
    b"\x1b[" + b"68;121;" * 600 + b"u",
    b"\x1bO68Z",
)
"""Control sequences that are no key, or a released or impossible one."""

NOT_UTF8: Final = (
    b"\xe9",
    b"\xc4",
    b"\xe4\xf6\xfc",
    b"\xff\xfe",
    b"\xc0\xaf",
    b"\xed\xa0\x80",
    b"\xf4\x90\x80\x80",
    b"\x80\x81\x8d\xa0",
)
"""Keys in an old encoding, or with Alt as the eighth bit."""


def bracketed(pasted: bytes) -> bytes:
    """Return what a terminal sends that filters nothing when this is pasted."""
    return PASTE_BEGIN + pasted + PASTE_END
