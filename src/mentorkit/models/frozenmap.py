"""Mappings inside frozen models: read-only, hashable by content, in key order."""

from __future__ import annotations

from collections.abc import ItemsView, Iterator, Mapping
from typing import Any, TypeVar

V = TypeVar("V")


class FrozenMap(Mapping[str, V]):
    """A read-only mapping from names to values; equal content is equal and hashes alike."""

    __slots__ = ("_items",)

    def __init__(self, items: Mapping[str, V]) -> None:
        self._items = {key: items[key] for key in (sorted(items) if len(items) > 1 else items)}

    def __getitem__(self, key: str) -> V:
        return self._items[key]

    def __contains__(self, key: object) -> bool:
        return key in self._items

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def items(self) -> ItemsView[str, V]:
        return self._items.items()

    def __len__(self) -> int:
        return len(self._items)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, FrozenMap):
            return self._items == other._items
        return super().__eq__(other)

    def __hash__(self) -> int:
        return hash(tuple(self._items.items()))

    def __or__(self, other: Mapping[str, V]) -> FrozenMap[V]:
        return FrozenMap({**self._items, **other})

    def __repr__(self) -> str:
        return repr(self._items)


def frozen_map(items: Mapping[str, Any]) -> FrozenMap[Any]:
    """`items` as a FrozenMap; an attrs converter."""
    return items if isinstance(items, FrozenMap) else FrozenMap(items)


EMPTY: FrozenMap[Any] = FrozenMap({})
