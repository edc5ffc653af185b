"""Which slices a VLM is asked about, and when: a coarse stride first, then every slice around the hits."""

from __future__ import annotations

from collections.abc import Sequence


class SliceSchedule:
    """Gives the next slices to ask, in rounds, from what was found so far.

    Args:
        slices: axial indices with brain, ascending.
        stride: slices from one to the next of the first round; 1 asks all at once.
    """

    def __init__(self, slices: Sequence[int], stride: int) -> None:
        self._slices = list(slices)
        self._stride = max(stride, 1)
        self._asked: dict[int, bool] = {}

    def tell(self, k: int, hit: bool) -> None:
        """What came of a slice; one that could not be answered counts as no hit."""
        self._asked[k] = hit

    def next_round(self) -> list[int]:
        """Slices to ask now; empty when all is known.

        The first round is every `stride`-th slice. Later rounds are the slices not asked yet within a stride of a
        hit: between two hits all of them, beyond the outermost hit until a whole stride shows nothing.
        """
        if not self._asked:
            start = (self._stride - 1) // 2 if len(self._slices) > self._stride else 0
            return self._slices[start :: self._stride]
        hits = [at for at, k in enumerate(self._slices) if self._asked.get(k)]
        near = {at + step for at in hits for step in range(-self._stride, self._stride + 1)}
        return [k for at, k in enumerate(self._slices) if at in near and k not in self._asked]
