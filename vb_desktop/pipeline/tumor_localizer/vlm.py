"""What a backend must do to mark tumours on slices (Eq. 3), and the prompt that it is given."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol, runtime_checkable

from vb_desktop.assets import asset
from vb_desktop.pipeline.case import Box, ProcessedScan
from vb_desktop.pipeline.errors import LocalizationFailed


@runtime_checkable
class VLM(Protocol):
    """A backend: a vision-language model that looks at one slice at a time, or a detector that looks at the volume.

    Plug-ins of the kind `vlm_backends` are built with one keyword, `config: VlmConfig`.

    Attributes:
        name: what people are told, e.g. "Qwen3-VL 8B".
        source: what each Box carries: "qwen3-vl", "openai" or "builtin".
    """

    name: str
    source: str

    def boxes(self, processed: ProcessedScan, slices: Sequence[int], prompt: str) -> Iterator[tuple[int, list[Box]]]:
        """Look at the slices and answer as soon as one is done.

        Args:
            processed: the whole scan, so that a backend may also look at neighbouring slices.
            slices: axial indices k to look at.
            prompt: the expert prompt; detectors ignore it.

        Yields:
            (k, boxes of that slice), each k of `slices` once, in any order; no boxes where nothing was seen.
        """
        ...


def read_prompt(version: str) -> str:
    """The prompt of that version.

    Raises:
        LocalizationFailed: there is no such version.
    """
    path = asset("prompts") / f"{version}.txt"
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        known = ", ".join(sorted(p.stem for p in path.parent.glob("*.txt"))) or "none"
        raise LocalizationFailed("tumor_localizer.no_prompt", version=version, known=known) from error
