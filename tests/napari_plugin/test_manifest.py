"""Reader, writer and sample data as napari finds them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import nibabel as nib
import numpy as np
import pytest
from npe2 import PluginManager, PluginManifest
from phantom_case import NATIVE_AFFINE, ball, make_case, oblique_affine

import napari_plugin.sample
from napari_plugin.reader import get_reader
from napari_plugin.writer import write_nifti
from vb_desktop.pipeline.case import Volume
from vb_desktop.pipeline.case_folder import write_volume

MANIFEST = Path(napari_plugin.__file__).with_name("napari.yaml")
NAME = "vb-desktop"


@pytest.fixture
def plugin(npe2pm: Any) -> Iterator[PluginManager]:
    with npe2pm.tmp_plugin(manifest=PluginManifest.from_file(MANIFEST)):
        yield npe2pm


def test_the_manifest_is_valid_and_everything_it_names_exists() -> None:
    manifest = PluginManifest.from_file(MANIFEST)
    manifest.validate_imports()
    assert manifest.name == NAME


def test_napari_opens_a_case_folder(plugin: Any, make_napari_viewer: Callable[..., Any], case_folder: Path) -> None:
    viewer = make_napari_viewer()
    viewer.open(str(case_folder), plugin=NAME)
    assert "Refined prior" in viewer.layers
    assert "Grad-CAM (PCNSL)" in viewer.layers
    assert [str(way) for way in viewer.scene.camera.orientation2d] == ["up", "left"]


def test_napari_opens_a_scan(plugin: Any, make_napari_viewer: Callable[..., Any], case_folder: Path) -> None:
    viewer = make_napari_viewer()
    viewer.open(str(case_folder / "scan.nii.gz"), plugin=NAME)
    assert tuple(viewer.layers["Scan"].scale) == (4.0, 3.0, 3.0)


def test_the_sample_is_the_demo_case(
    plugin: Any, make_napari_viewer: Callable[..., Any], case_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(napari_plugin.sample, "asset", lambda _: case_folder)
    viewer = make_napari_viewer()
    viewer.open_sample(NAME, "demo_case")
    assert "Scan" in viewer.layers


@pytest.mark.parametrize("name", ["notes.txt", "picture.png", "folder"])
def test_the_reader_leaves_other_things_alone(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    assert get_reader(str(tmp_path / name)) is None
    assert get_reader([str(tmp_path / name)]) is None


def test_the_case_can_be_named_by_its_record(case_folder: Path) -> None:
    reader = get_reader(str(case_folder / "case.json"))
    assert reader is not None
    assert reader(str(case_folder / "case.json"))[0][1]["name"] == "Scan"


@pytest.mark.parametrize("degrees", [0, 14])
def test_a_prior_written_from_napari_is_the_one_of_the_case(
    plugin: Any, make_napari_viewer: Callable[..., Any], tmp_path: Path, degrees: float
) -> None:
    folder = make_case(tmp_path / "case", affine=oblique_affine(degrees))
    viewer = make_napari_viewer()
    viewer.open(str(folder), plugin=NAME)
    target = tmp_path / "prior.nii.gz"
    viewer.layers["Refined prior"].save(str(target), plugin=NAME)
    written, original = nib.load(target), nib.load(folder / "native" / "refined_prior.nii.gz")
    assert written.affine == pytest.approx(original.affine, abs=1e-4)
    assert np.array_equal(written.get_fdata(), original.get_fdata())


def test_any_other_image_is_written_as_it_is_placed(tmp_path: Path) -> None:
    target = tmp_path / "image.nii"
    data = ball(2.0).T
    write_nifti(str(target), data, {"scale": (4.0, 3.0, 3.0), "translate": (-30.0, -60.0, -50.0)})
    assert nib.load(target).affine == pytest.approx(NATIVE_AFFINE)
    assert write_nifti(str(tmp_path / "flat.nii"), data[0], {}) == []


def test_the_processed_scan_is_written_with_its_zeros(tmp_path: Path) -> None:
    data = np.full((3, 4, 5), np.nan, np.float32)
    data[1, 2, 3] = 2
    write_nifti(str(tmp_path / "p.nii"), data, {})
    assert nib.load(tmp_path / "p.nii").get_fdata().sum() == 2


def test_reading_a_folder_that_is_no_case_says_so(tmp_path: Path) -> None:
    write_volume(tmp_path / "scan.nii.gz", Volume(ball(1.0), NATIVE_AFFINE))
    with pytest.raises(FileNotFoundError, match=r"holds no case\.json"):
        napari_plugin.reader.read_case_layers(str(tmp_path))
