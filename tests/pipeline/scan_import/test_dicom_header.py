"""The quick reading of headers gives what pydicom gives, and leaves to it what is unusual."""

from __future__ import annotations

import io

import pytest
from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
)

from vb_desktop.pipeline.scan_import.dicom_header import FIRST_READ, QuickHeader, read_header, series_uid_of_damaged
from vb_desktop.pipeline.scan_import.dicom_values import number, numbers, text, words
from vb_desktop.pipeline.scan_import.header_tags import HEADER_TAGS


def read(path, content=None):
    content = path.read_bytes() if content is None else content
    stream = io.BytesIO(content)
    return read_header(stream.read(FIRST_READ), stream, len(content))


def assert_same(path):
    ours, theirs = read(path), dcmread(path, stop_before_pixels=True, force=True, specific_tags=list(HEADER_TAGS))
    for keyword in HEADER_TAGS:
        if theirs.get(keyword) is not None and not isinstance(theirs.get(keyword), Sequence):
            assert text(ours, keyword) == text(theirs, keyword), keyword
            assert number(ours, keyword) == number(theirs, keyword), keyword
            assert words(ours, keyword) == words(theirs, keyword), keyword
            assert [numbers(ours, keyword, n) for n in (2, 3, 6)] == [numbers(theirs, keyword, n) for n in (2, 3, 6)]
    assert set(ours.keys()) == set(theirs.keys()) and ours.file_meta == theirs.file_meta
    assert all(ours[tag] == theirs[tag] for tag in theirs.keys())
    return ours


def nested(depth, *, undefined):
    inner = Dataset()
    inner.SeriesInstanceUID = "9.9.9"  # not that of the file
    for _ in range(depth):
        outer = Dataset()
        outer.is_undefined_length_sequence_item = undefined
        outer.ReferencedImageSequence = [inner]
        outer["ReferencedImageSequence"].is_undefined_length = undefined
        inner = outer
    return inner


def change(dataset, k):
    dataset.ReferencedImageSequence = [nested(3, undefined=k % 2 == 0), nested(2, undefined=k % 3 == 0)]
    dataset["ReferencedImageSequence"].is_undefined_length = k % 2 == 0
    agent = Dataset()
    agent.CodeMeaning = "Gadobutrol"
    dataset.ContrastBolusAgentSequence = [agent]
    dataset["ContrastBolusAgentSequence"].is_undefined_length = k % 2 == 1
    dataset.private_block(0x0009, "MAKER", create=True).add_new(1, "OB", bytes(20_000 if k == 3 else 10))
    dataset.private_block(0x0019, "MAKER", create=True).add_new(2, "UN", b"whatever")
    dataset.PatientName, dataset.SpecificCharacterSet = "王^小東", "ISO_IR 192"
    dataset.SeriesDescription = "T1 増強 \\ slash" if k == 2 else "造影T1"
    dataset.ImageComments = "x" * (9000 if k == 4 else 3)


@pytest.mark.parametrize("syntax", [ExplicitVRLittleEndian, ImplicitVRLittleEndian])
def test_usual_files_are_read_quickly_and_alike(write_series, syntax):
    for path in write_series(slices=6, syntax=syntax, change=change).iterdir():
        header = assert_same(path)
        assert isinstance(header, QuickHeader)
        assert header.ContrastBolusAgentSequence[0].CodeMeaning == "Gadobutrol"
        assert text(header, "PatientName") == "王^小東"


def test_big_endian_and_enhanced_files_are_left_to_pydicom(write_series):
    for folder in (write_series(slices=1, syntax=ExplicitVRBigEndian), write_series("b", enhanced=True)):
        assert not isinstance(assert_same(next(folder.iterdir())), QuickHeader)


def test_deflated(write_series):
    path = next(write_series(slices=1, change=change).iterdir())
    dataset = dcmread(path)
    dataset.file_meta.TransferSyntaxUID = DeflatedExplicitVRLittleEndian
    dataset.save_as(path)
    assert text(read(path), "PatientName") == "王^小東"


@pytest.mark.parametrize("keep", range(140, 1000, 61))
def test_a_cut_header_is_what_pydicom_makes_of_it(write_series, keep):
    path = next(write_series(slices=1).iterdir())
    path.write_bytes(path.read_bytes()[:keep])
    try:
        dcmread(path, stop_before_pixels=True, force=True, specific_tags=list(HEADER_TAGS))
    except Exception:
        with pytest.raises(Exception):  # noqa: B017 - whatever pydicom raises
            read(path)
    else:
        assert_same(path)


def test_no_more_of_a_file_is_read_than_it_takes(write_series):
    path = next(write_series(slices=1, rows=400, columns=400, spacing=(0.5, 0.5, 6)).iterdir())
    content = path.read_bytes()
    stream = io.BytesIO(content)
    assert isinstance(read_header(stream.read(FIRST_READ), stream, len(content)), QuickHeader)
    assert stream.tell() == FIRST_READ


@pytest.mark.parametrize("syntax", [ExplicitVRLittleEndian, ImplicitVRLittleEndian])
def test_the_series_of_a_damaged_file(write_series, syntax):
    path = next(write_series(slices=1, syntax=syntax, SeriesInstanceUID="1.2.826.0.1.77").iterdir())
    assert series_uid_of_damaged(path.read_bytes()) == "1.2.826.0.1.77"
    assert series_uid_of_damaged(path.read_bytes()[:300]) == ""


@pytest.mark.data
def test_real_headers(data_folder):
    quick = 0
    for path in sorted((data_folder / "dicom").rglob("*.dcm")):
        if "big_endian" in path.name or "too_short" in path.name:
            continue
        quick += isinstance(assert_same(path), QuickHeader) if "philips_classic" not in str(path) else 0
    assert quick > 90
