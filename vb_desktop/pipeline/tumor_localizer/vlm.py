"""What a backend must do to mark tumours on slices (Eq. 3), and the prompt that it is given."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol, runtime_checkable

from vb_desktop.assets import asset
from vb_desktop.pipeline.case import Box, ProcessedScan
from vb_desktop.pipeline.config import VlmConfig
from vb_desktop.pipeline.errors import LocalizationFailed
from vb_desktop.pipeline.tumor_localizer.server_address import ServerAddress


@runtime_checkable
class VLM(Protocol):
    """A backend: a vision-language model that looks at one slice at a time, or a detector that looks at the volume.

    Plug-ins of the kind `vlm_backends` are built with one keyword, `config: VlmConfig`.

    Attributes:
        name: what people are told, e.g. "Qwen3-VL 8B".
        source: what each Box carries: "qwen3-vl", "openai" or "builtin".

    A backend may also have `remarks`, messages on what it could not answer, complete after the last slice, and
    `sends_to`, the host that slices are sent to where that is not this machine.
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
            (k, boxes of that slice), each k of `slices` that was looked at once, in any order; no boxes where nothing
            was seen.
        """
        ...


def check_vlm_settings(config: VlmConfig) -> None:
    """What can be said before any work: is there such a prompt, and may slices go where they would go?

    Raises:
        LocalizationFailed: no such prompt, no address of a server, or another machine without consent.
    """
    read_prompt(config.prompt)
    if config.backend == "openai":
        ServerAddress.of(config.url).require_consent(config.allow_remote)


def read_prompt(version: str) -> str:
    """The prompt of that version, or of a text file of the user's own.

    Args:
        version: name of a file of `assets/prompts` without its ending, or a path that ends in .txt.

    Raises:
        LocalizationFailed: there is no such version or file, or nothing is in it.
    """
    own = version.endswith(".txt")
    path = Path(version).expanduser() if own else asset("prompts") / f"{version}.txt"
    try:
        if not own and Path(version).name != version:
            raise FileNotFoundError(version)
        text = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        known = ", ".join(sorted(p.stem for p in asset("prompts").glob("*.txt"))) or "none"
        raise LocalizationFailed("tumor_localizer.no_prompt", version=version, known=known) from error
    if not text:
        raise LocalizationFailed("tumor_localizer.empty_prompt", version=version)
    return text
