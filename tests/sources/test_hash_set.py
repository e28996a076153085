"""A set of hashes contains what was added, also in its sorted runs."""

from __future__ import annotations

import random

from chatkit_tui.sources.hash_set import HashSet


def test_a_set_of_hashes_is_a_set() -> None:
    pick = random.Random(1)  # noqa: S311 - no secret
    numbers = [pick.randrange(-(2**63), 2**63) for _ in range(30_000)]
    found, expected = HashSet(), set[int]()
    for start in range(0, len(numbers), 100):
        page = numbers[start : start + 100]
        assert found.isdisjoint(page)
        found.update(page)
        expected.update(page)
    found.update(numbers[:5_000])
    assert all(number in found for number in numbers)
    assert not found.isdisjoint([0, numbers[0]])
    assert not found.isdisjoint([0, numbers[-1]])
    others = {pick.randrange(-(2**63), 2**63) for _ in range(1_000)} - expected
    assert found.isdisjoint(others)
