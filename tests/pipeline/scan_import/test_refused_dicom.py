"""What is not one 3D MRI of a head gets one sentence and a next step: DICOM folders."""

from __future__ import annotations

import time
import tracemalloc
import zlib
from typing import Any

import pytest
from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.encaps import encapsulate, generate_frames
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGLSLossless,
    RLELossless,
    generate_uid,
)
from synthetic_scans import make_nifti, refusal

from vb_desktop.pipeline.errors import UnreadableScan
from vb_desktop.pipeline.scan_import import limits
from vb_desktop.pipeline.scan_import.open_scan import open_scan

LARGER: dict[str, Any] = {"rows": 40, "columns": 48, "spacing": (2.5, 2.75, 6.0)}  # JPEG 2000 wants 32 pixels


def test_empty_folder(tmp_path):
    assert refusal(tmp_path) == "empty_folder"
    (tmp_path / "nothing" / "in").mkdir(parents=True)
    assert refusal(tmp_path) == "empty_folder"


def test_folder_without_dicom(tmp_path):
    (tmp_path / "notes.txt").write_text("nothing here")
    assert refusal(tmp_path) == "no_dicom"
    make_nifti(tmp_path / "t1.nii.gz")
    assert refusal(tmp_path) == "no_dicom_but_nifti"


def test_too_many_files(tmp_path, monkeypatch):
    monkeypatch.setattr(limits, "FOLDER_FILES", 5)
    for n in range(6):
        (tmp_path / str(n)).touch()
    assert refusal(tmp_path) == "too_many_files"


@pytest.mark.parametrize("modality", ["CT", "PT", "US", ""])
def test_other_modalities(write_series, modality):
    folder = write_series(Modality=modality)
    assert refusal(folder) == ("ct" if modality == "CT" else "modality")
    if modality == "CT":
        with pytest.raises(UnreadableScan, match="CT"):
            open_scan(folder)


def test_few_slices(write_series):
    folder = write_series(slices=15)
    assert refusal(folder) == "few_slices"
    assert refusal(next(folder.iterdir())) == "few_slices"


def test_no_images(write_series):
    def change(dataset, _):
        for keyword in ("Rows", "Columns", "PixelData", "BitsAllocated"):
            del dataset[keyword]

    report = "1.2.840.10008.5.1.4.1.1.88.11"
    assert refusal(write_series(change=change, SOPClassUID=report, Modality="SR")) == "not_images"
    assert refusal(write_series("b", change=change)) == "dicom_damaged"


def test_dicomdir_alone(tmp_path, write_series):
    (path,) = write_series(slices=1, SOPClassUID="1.2.840.10008.1.3.10").iterdir()
    dataset = dcmread(path)
    dataset.file_meta.MediaStorageSOPClassUID = "1.2.840.10008.1.3.10"
    dataset.save_as(path)
    assert refusal(path.parent) == "no_dicom"


def test_colour(write_series):
    def change(dataset, _):
        dataset.SamplesPerPixel, dataset.PhotometricInterpretation, dataset.PlanarConfiguration = 3, "RGB", 0
        dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit = 8, 8, 7
        dataset.PixelData = bytes(3 * dataset.Rows * dataset.Columns)

    assert refusal(write_series(change=change)) == "colour"
    assert refusal(write_series("p", PhotometricInterpretation="PALETTE COLOR")) == "colour"


@pytest.mark.parametrize(
    ("elements", "why"),
    [
        ({"ImageType": ["ORIGINAL", "PRIMARY", "M", "ND", "MOSAIC"]}, "mosaic"),
        ({"ImageType": ["ORIGINAL", "PRIMARY", "P", "ND"]}, "phase"),
        ({"PhotometricInterpretation": "MONOCHROME1"}, "inverted"),
        ({"BodyPartExamined": "KNEE"}, "body_part"),
        ({"ModalityLUTSequence": [Dataset()]}, "value_table"),
    ],
)
def test_kinds_of_images_that_are_not_meant(write_series, elements, why):
    assert refusal(write_series(**elements)) == why


@pytest.mark.parametrize("part", ["HEAD", "BRAIN", "NECK", "CSPINE", "PITUITARY", "IAC", ""])
def test_parts_of_the_body_that_are_or_may_be_the_head(write_series, part):
    open_scan(write_series(BodyPartExamined=part))


@pytest.mark.parametrize("keyword", ["ImagePositionPatient", "ImageOrientationPatient", "PixelSpacing"])
def test_missing_geometry(write_series, keyword):
    def change(dataset, k):
        if k == 7:
            del dataset[keyword]

    assert refusal(write_series(change=change)) == "no_geometry"


@pytest.mark.parametrize(
    "elements",
    [
        {"ImageOrientationPatient": [0, 0, 0, 0, 0, 0]},
        {"ImageOrientationPatient": [1, 0, 0, 1, 0, 0]},
        {"ImageOrientationPatient": [1, 0, 0]},
        {"PixelSpacing": [0, 0]},
        {"PixelSpacing": [-1, 1]},
    ],
)
def test_absurd_geometry(write_series, elements):
    assert refusal(write_series(**elements)) == "no_geometry"


def test_enhanced_without_a_place_for_each_frame(write_series):
    def change(dataset, _):
        del dataset.PerFrameFunctionalGroupsSequence
        dataset.ImagePositionPatient = [0, 0, 0]

    assert refusal(write_series(enhanced=True, change=change)) == "no_geometry"


def test_enhanced_with_fewer_descriptions_than_frames(write_series):
    def change(dataset, _):
        dataset.NumberOfFrames = 17

    assert refusal(write_series(enhanced=True, change=change)) == "dicom_damaged"


def test_missing_slices(write_series):
    folder = write_series(slices=24)
    by_place = sorted(folder.iterdir(), key=lambda path: dcmread(path).ImagePositionPatient[2])
    for n in (5, 6, 14):
        by_place[n].unlink()
    with pytest.raises(UnreadableScan, match=r"3 slice\(s\) are missing"):
        open_scan(folder)


def test_uneven_spacing(write_series):
    assert refusal(write_series(positions=lambda k: k + 0.02 * k * k)) == "uneven"
    assert refusal(write_series("one", positions=lambda k: k + (0.3 if k == 9 else 0))) == "uneven"


def test_a_slice_beside_the_others(write_series):
    assert refusal(write_series(shift=lambda k: [4.0 if k == 9 else 0, 0, 0])) == "uneven"


def test_a_slant_that_is_no_gantry_tilt(write_series):
    with pytest.raises(UnreadableScan, match=r"49\.\d degrees"):
        open_scan(write_series(shift=lambda k: [0, 7 * k, 0]))


def test_duplicate_positions(write_series):
    folder = write_series()
    write_series("series/again", SeriesInstanceUID=dcmread(next(folder.iterdir())).SeriesInstanceUID)
    for path in folder.rglob("IM*"):  # nothing tells the two apart
        dataset = dcmread(path)
        del dataset.InstanceNumber
        dataset.save_as(path)
    with pytest.raises(UnreadableScan, match="36 images for 18 slice positions"):
        open_scan(folder)


def test_slices_in_several_directions(write_series):
    folder = write_series(slices=12)
    uid = dcmread(next(folder.iterdir())).SeriesInstanceUID
    write_series("series/b", plane="sagittal", rows=20, columns=24, slices=12, SeriesInstanceUID=uid)
    assert refusal(folder) == "orientations"


def test_slices_of_several_sizes(write_series):
    folder = write_series(slices=12)
    uid = dcmread(next(folder.iterdir())).SeriesInstanceUID
    write_series("series/b", rows=22, slices=12, positions=lambda k: k + 12, SeriesInstanceUID=uid)
    assert refusal(folder) == "sizes"

    def change(dataset, k):
        dataset.PixelSpacing = [5.5, 5.0 + 0.1 * (k == 3)]

    assert refusal(write_series("c", change=change)) == "sizes"


def test_two_patients_in_one_series(write_series):
    def change(dataset, k):
        dataset.PatientID = "ID-1" if k < 9 else "ID-2"

    assert refusal(write_series(change=change)) == "several_patients"


def test_absurd_field_of_view(write_series):
    assert refusal(write_series(spacing=(0.5, 0.5, 0.5))) == "field_of_view"


def test_voxels_that_are_no_scan(write_series):
    def zero(dataset, _):
        dataset.PixelData = bytes(len(dataset.PixelData))

    assert refusal(write_series(change=zero)) == "all_zero"


def damaged_file(folder, n, change):
    path = sorted(folder.iterdir())[n]
    path.write_bytes(change(path.read_bytes()))


@pytest.mark.parametrize("keep", [600, 900, -1])
def test_a_truncated_file_is_named_by_its_number(write_series, keep):
    folder = write_series()
    damaged_file(folder, 11, lambda content: content[:keep])
    with pytest.raises(UnreadableScan, match="12 of 18") as caught:
        open_scan(folder)
    assert "IM" not in caught.value.sentence()


def test_a_file_cut_within_its_first_elements(write_series):
    folder = write_series()
    damaged_file(folder, 11, lambda content: content[:140])
    with pytest.raises(UnreadableScan):
        open_scan(folder)


def test_truncated_enhanced_file(write_series):
    (path,) = write_series(enhanced=True).iterdir()
    path.write_bytes(path.read_bytes()[:-1000])
    assert refusal(path) == "dicom_pixels"


@pytest.mark.parametrize("compress", [RLELossless, JPEGLSLossless, JPEG2000Lossless])
def test_a_damaged_compressed_picture(write_series, compress):
    def change(dataset, k):
        dataset.compress(compress, generate_instance_uid=False)
        if k == 4:
            frame = next(generate_frames(dataset.PixelData, number_of_frames=1))
            dataset.PixelData = encapsulate([frame[: len(frame) // 3]])

    assert refusal(write_series(change=change, **LARGER)) == "dicom_pixels"


@pytest.mark.parametrize("compress", [JPEGLSLossless, JPEG2000Lossless])
def test_a_compressed_picture_of_another_size_is_refused_before_it_is_decoded(write_series, compress, monkeypatch):
    from vb_desktop.pipeline.scan_import import dicom_pixels

    def change(dataset, _):
        dataset.compress(compress, generate_instance_uid=False)
        dataset.Rows -= 2

    def never(*_, **__):
        raise AssertionError("decoded")

    folder = write_series(change=change, **LARGER)
    assert refusal(folder) == "dicom_pixels"
    monkeypatch.setattr(dicom_pixels, "iter_pixels", never)
    with pytest.raises(ValueError, match="another size"):
        next(dicom_pixels.decode_here(next(folder.iterdir()), [1]))


def test_too_large_is_refused_before_pixels_are_read(write_series, monkeypatch):
    from vb_desktop.pipeline.scan_import import dicom_slices

    monkeypatch.setattr(dicom_slices, "decode_files", lambda *_: pytest.fail("decoded"))
    assert refusal(write_series(Columns=2000)) == "image_too_large"
    monkeypatch.setattr(limits, "VOLUME_VOXELS", 1000)
    assert refusal(write_series("b")) == "image_too_large"


def test_a_file_too_large_is_not_read(write_series, monkeypatch):
    monkeypatch.setattr(limits, "DICOM_FILE_BYTES", 100)
    assert refusal(write_series()) == "dicom_too_large"


def test_zeros_behind_a_damaged_length_are_not_parsed_for_minutes(write_series):
    folder = write_series()
    path = sorted(folder.iterdir())[4]
    content = path.read_bytes()
    at = content.rindex(b"\xe0\x7f\x10\x00OW")
    path.write_bytes(content[: at + 8] + (2).to_bytes(4, "little") + bytes(32 << 20))
    begun = time.perf_counter()
    assert refusal(folder) == "dicom_pixels"
    assert time.perf_counter() - begun < 5


def deflate(path, content=None):
    """Store the file deflated; content: what is packed instead of the data set."""
    dataset = dcmread(path)
    dataset.file_meta.TransferSyntaxUID = DeflatedExplicitVRLittleEndian
    dataset.save_as(path)
    if content is not None:
        written = path.read_bytes()
        start = 144 + int.from_bytes(written[140:144], "little")
        path.write_bytes(written[:start] + content)


def test_a_deflated_file_that_is_damaged(write_series):
    folder = write_series()
    paths = sorted(folder.iterdir())
    deflate(paths[2])
    damaged_file(folder, 2, lambda content: content[:-200])
    assert refusal(folder) == "dicom_pixels"
    deflate(paths[3], b"\xff" * 999)
    assert refusal(folder) == "dicom_damaged"


def test_a_deflated_bomb_is_not_unpacked(write_series):
    folder = write_series()
    path = sorted(folder.iterdir())[2]
    plain = path.read_bytes()
    start = 144 + int.from_bytes(plain[140:144], "little")
    packer = zlib.compressobj(1, zlib.DEFLATED, -zlib.MAX_WBITS)
    packed = packer.compress(plain[start:])
    packed += b"".join(packer.compress(bytes(1 << 20)) for _ in range(256)) + packer.flush()
    deflate(path, packed)
    tracemalloc.start()
    assert refusal(folder) == "dicom_pixels"
    assert tracemalloc.get_traced_memory()[1] < 200e6
    tracemalloc.stop()


def test_unknown_transfer_syntax(write_series):
    folder = write_series()
    for path in folder.iterdir():
        dataset = dcmread(path)
        dataset.file_meta.TransferSyntaxUID = generate_uid()
        dataset.save_as(path, implicit_vr=False, little_endian=True)
    assert refusal(folder) == "dicom_pixels"


def test_pixels_missing(write_series):
    def change(dataset, k):
        if k == 3:
            del dataset.PixelData

    assert refusal(write_series(change=change)) == "dicom_pixels"


def test_not_even_noise_reaches_the_screen(write_series, capfd, caplog, recwarn):
    def change(dataset, _):
        dataset.SpecificCharacterSet = "NOT A SET"
        dataset.add_new("PatientBirthDate", "DA", "31 May 1970")

    folder = write_series(change=change)
    caplog.clear()
    recwarn.clear()
    open_scan(folder)
    out, err = capfd.readouterr()
    assert (out, err, caplog.text, list(recwarn)) == ("", "", "", [])
