"""Settings of every stage: what the paper leaves open (METHOD "open"), each with a default, a unit and a meaning.

Frozen, read from TOML, stored inside every case, so that a result can be repeated. Comfort (window size, last folder)
is not here. Precedence: default < file < `--set` < named flag.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from vb_desktop.pipeline.errors import ConfigError


class Section(BaseModel):
    """Base of the sections: frozen, unknown keys refused. The unit of a key stands in `json_schema_extra`."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)


def _key(default: Any, meaning: str, unit: str = "", **rules: Any) -> Any:
    return Field(default, description=meaning, json_schema_extra={"unit": unit}, **rules)


class InputConfig(Section):
    """What comes in."""

    space: Literal["native", "skull-stripped", "mni"] = _key("native", "what was already done to the input")


class SkullStrippingConfig(Section):
    """Brain extraction (HD-BET)."""

    method: str = _key("hd-bet", "plug-in that extracts the brain")
    folds: int = _key(1, "networks that vote", "networks", ge=1, le=5)
    mirroring: bool = _key(False, "also look at the 7 mirrored copies")
    device: Literal["auto", "cpu", "cuda", "mps"] = _key(
        "auto", "where the networks run; auto is a GPU if there is one"
    )
    precision: Literal["auto", "float32", "bfloat16"] = _key(
        "auto", "of the networks' convolutions; auto is bfloat16 on processors that have AMX, else float32"
    )
    hd_bet_2_weights: str = _key("", "folder of HD-BET 2's weights; only method hd-bet-2 needs it")


class BiasFieldConfig(Section):
    """N4 bias field correction inside the brain mask."""

    shrink: int = _key(4, "the field is estimated on every nth voxel of a 1 mm grid", "voxels", ge=1, le=8)
    iterations: tuple[int, ...] = _key((50, 50, 50), "iterations of each level, coarse to fine")
    tolerance: float = _key(1e-5, "stop when the field changes less", ge=0)


class RegistrationConfig(Section):
    """SyN to the MNI152 template."""

    method: str = _key("syn", "plug-in that registers")
    kind: Literal["syn", "affine", "rigid"] = _key(
        "syn", "how far it goes; affine leaves the warp out, rigid the brain's size too (quick, coarse)"
    )
    spacing_mm: float = _key(1.6, "grid on which the warp is estimated; it is applied at 1 mm", "mm", ge=1, le=4)
    seed: int = _key(0, "of the sampling; one thread and this seed make it repeatable", ge=0)
    lesion_mask: Literal["off", "second-pass"] = _key(
        "off",
        "second-pass registers once more with the region that was localised left out, so that nothing pulls at it",
    )


class VlmConfig(Section):
    """Boxes slice by slice (Eq. 2, Eq. 3)."""

    backend: str = _key("builtin", "plug-in that marks the tumour on a slice")
    detector: str = _key("localizer", "name of the installed model of the built-in slice detector, or its folder")
    prompt: str = _key("tumour_v2", "version of the expert prompt (assets/prompts), or a text file of your own")
    min_brain_mm2: float = _key(500.0, "slices with less brain are not looked at", "mm2", ge=0)
    model: str = _key("", "of qwen3-vl: folder or hub id (empty: Qwen/Qwen3-VL-4B-Instruct); of openai: served name")
    url: str = _key("", "of openai: address of the server, such as http://127.0.0.1:8000/v1")
    allow_remote: bool = _key(False, "send slices (pixels only) to a server that is not this machine")
    device: str = _key("auto", "of qwen3-vl: auto, cpu, cuda, cuda:1, mps")
    dtype: Literal["auto", "float32", "bfloat16", "float16"] = _key("auto", "of qwen3-vl: precision of the weights")
    batch: int = _key(4, "of qwen3-vl: slices at once", "slices", ge=1, le=64)
    parallel: int = _key(4, "of openai: requests at once", "requests", ge=1, le=64)
    retries: int = _key(3, "of openai: new attempts after a failed request", ge=0, le=20)
    stride_mm: float = _key(4.0, "distance of the slices asked first; then all around the hits; 0 asks all", "mm", ge=0)
    image_tokens: int = _key(0, "least image tokens of a slice; 0: what the checkpoint takes, 1024 if it can", ge=0)
    window: float = _key(1.0, "black and white: median of the brain minus, plus this times its 5-95 % range", gt=0)
    least_likelihood: float = _key(0.5, "boxes of slices that the model finds less likely are left out", ge=0, le=1)
    max_tokens: int = _key(400, "longest answer about a slice", "tokens", ge=8, le=8192)
    slice_timeout_s: float = _key(300.0, "longest wait for the answer about a slice", "s", gt=0)
    temperature: float = _key(0.0, "of the answers; 0 is repeatable", ge=0, le=2)


class CoarseConfig(Section):
    """Stack, smooth, dilate (Eq. 4)."""

    sigma_mm: float = _key(2.0, "standard deviation of the Gaussian", "mm", ge=0, le=20)
    dilation_mm: float = _key(1.0, "radius of the dilation", "mm", ge=0, le=20)
    gap_mm: float = _key(6.0, "missing slices between two boxes that are filled by interpolation", "mm", ge=0, le=50)


class RefineConfig(Section):
    """Voxel-wise MLP (Eq. 5)."""

    mode: Literal["union", "mlp", "intersection"] = _key(
        "union", "how the MLP joins the coarse prior; union is the paper's"
    )
    tau: float = _key(0.8, "coarse prior above which a voxel is a positive; lowered where too few reach it", ge=0, le=1)
    negatives: int = _key(3, "background voxels for each positive", "voxels", ge=1, le=20)
    reach_mm: float = _key(5.0, "how far from the coarse prior the MLP may add voxels", "mm", ge=0, le=200)
    epochs: int = _key(15, "passes over the sampled voxels", "epochs", ge=1, le=500)
    seed: int = _key(0, "of the sampling and the weights", ge=0)


class DiagnoseConfig(Section):
    """3D CNN with Masked Channel Attention (Eq. 6-9)."""

    backbone: str = _key("densenet3d", "plug-in of the feature extractor")
    model: str = _key("diagnoser", "name of the installed model, or its folder")
    without_prior: bool = _key(False, "diagnose the whole brain where no box was found")
    cam_method: Literal["hirescam", "grad-cam"] = _key(
        "hirescam", "gradient times activation place by place, or Grad-CAM's average over the whole map"
    )
    cam_layer: Literal["auto", "last", "early"] = _key(
        "auto", "map that Grad-CAM is taken from: the last, or an earlier one; auto is the one with the smaller cells"
    )


class ReportConfig(Section):
    """The PDF."""

    language: Literal["en", "zh"] = _key("en", "of the report: English or Simplified Chinese")
    page: Literal["A4", "Letter"] = _key("A4", "paper size")
    key_slices: int = _key(6, "axial slices shown", "slices", ge=1, le=24)
    institution: str = _key("", "name on the letterhead; empty: the institution that the scan names")
    logo: str = _key("", "PNG or JPEG file on the letterhead; empty: none")


class Config(Section):
    """All settings of a run."""

    input: InputConfig = InputConfig()
    skull_stripping: SkullStrippingConfig = SkullStrippingConfig()
    bias_field: BiasFieldConfig = BiasFieldConfig()
    registration: RegistrationConfig = RegistrationConfig()
    vlm: VlmConfig = VlmConfig()
    coarse: CoarseConfig = CoarseConfig()
    refine: RefineConfig = RefineConfig()
    diagnose: DiagnoseConfig = DiagnoseConfig()
    report: ReportConfig = ReportConfig()

    @classmethod
    def load(cls, path: Path | None = None, changes: Mapping[str, Any] | None = None) -> Config:
        """Defaults, overlaid by a TOML file, overlaid by `changes` (dotted key -> value or text as in TOML).

        Raises:
            ConfigError: a file that is not TOML, an unknown key, a value out of range.
        """
        tree: dict[str, Any] = {}
        if path is not None:
            try:
                tree = tomllib.loads(path.read_text(encoding="utf-8"))
            except (OSError, ValueError) as error:
                raise ConfigError("config.unreadable", path=str(path), cause=_cause(error)) from error
        for key, value in (changes or {}).items():
            _set(tree, key, value)
        try:
            return cls.model_validate(tree)
        except ValidationError as error:
            first = error.errors()[0]
            key = ".".join(str(part) for part in first["loc"] if not isinstance(part, int))
            if first["type"] == "extra_forbidden":
                raise ConfigError("config.unknown_key", key=key) from error
            raise ConfigError("config.invalid", key=key, value=repr(first["input"]), cause=first["msg"]) from error

    def keys(self) -> Iterator[tuple[str, Any, str, str]]:
        """Every setting: dotted key, value, unit, meaning."""
        for name, section in self:
            for key, info in type(section).model_fields.items():
                extra = info.json_schema_extra
                unit = str(extra.get("unit", "")) if isinstance(extra, dict) else ""
                yield f"{name}.{key}", getattr(section, key), unit, info.description or ""

    def changed(self, **changes: Any) -> Config:
        """A copy with some settings changed, named `section__key`."""
        return Config.load(None, self.flat() | {key.replace("__", "."): value for key, value in changes.items()})

    def flat(self) -> dict[str, Any]:
        """Dotted key -> value."""
        return {key: value for key, value, _, _ in self.keys()}


def _set(tree: dict[str, Any], key: str, value: Any) -> None:
    section, dot, name = key.partition(".")
    if not dot or section not in Config.model_fields or not isinstance(tree.setdefault(section, {}), dict):
        raise ConfigError("config.unknown_key", key=key)
    if isinstance(value, str):  # as typed behind --set: a TOML value, or plain text
        try:
            value = tomllib.loads(f"v = {value}")["v"]
        except tomllib.TOMLDecodeError:
            pass
    tree[section][name] = value


def _cause(error: Exception) -> str:
    return (getattr(error, "strerror", None) or str(error)).rstrip(".")
