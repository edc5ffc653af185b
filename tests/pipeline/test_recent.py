"""What is kept of a scan is found again by its content, and only by that."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
import pytest

from vb_desktop.pipeline.case import ProcessedScan, RefinedPrior, Transforms, Volume
from vb_desktop.pipeline.measurement import measure_case as measuring
from vb_desktop.pipeline.recent import Recent, volume_key, way_key

AFFINE = np.diag([6.0, 6.0, 6.0, 1.0])
AFFINE[:3, 3] = [-90, -120, -70]


def scan(folder: Path = Path("."), forward: tuple[str, ...] = (), shift: float = 0.0) -> ProcessedScan:
    affine = AFFINE.copy()
    affine[0, 3] += shift
    volume = Volume(np.zeros((30, 36, 28), np.float32), affine)
    return ProcessedScan(volume, volume, volume, volume, Transforms(folder, forward=forward))


def test_only_the_last_results_are_kept() -> None:
    made: list[str] = []
    recent: Recent[str] = Recent(2)

    def make(key: str) -> str:
        made.append(key)
        return key

    for key in "abaacab":
        assert recent.get(key, partial(make, key)) == key
    assert "".join(made) == "abcb"


def test_the_way_is_told_by_what_its_files_hold(tmp_path: Path) -> None:
    for name, content in (("one", b"warp"), ("two", b"warp"), ("three", b"another warp")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "warp").write_bytes(content)
    one, two, three = (way_key(scan(tmp_path / name, ("warp",))) for name in ("one", "two", "three"))
    assert one == two
    assert one != three
    assert way_key(scan()) != way_key(scan(shift=1.0))


def test_a_volume_is_told_by_voxels_and_place() -> None:
    one = scan().volume
    other = one.like(one.voxels.copy())
    assert volume_key(one) == volume_key(other)
    other.voxels[3, 3, 3] = 1
    assert volume_key(one) != volume_key(other)
    assert volume_key(one) != volume_key(scan(shift=1.0).volume)


def test_the_atlas_is_carried_once_for_a_scan_and_anew_for_another(monkeypatch: pytest.MonkeyPatch) -> None:
    carried: list[ProcessedScan] = []
    plain = measuring.native_atlas

    def carry(processed: ProcessedScan) -> Volume:
        carried.append(processed)
        return plain(processed)

    monkeypatch.setattr(measuring, "native_atlas", carry)
    measuring._atlases.forget()
    first = scan()
    values = np.zeros(first.volume.voxels.shape, np.float32)
    values[16:19, 16:20, 12:15] = 1
    prior = RefinedPrior(first.volume.like(values), first.volume, 0.5)
    measured = measuring.measure_case(first, prior)
    again = measuring.measure_case(scan(), prior, first.to_native(prior.volume))
    assert len(carried) == 1
    assert [item.model_dump() for item in again] == [item.model_dump() for item in measured]
    assert next(item.value for item in measured if item.id == "structures")
    measuring.measure_case(scan(shift=6.0), prior)
    assert len(carried) == 2
