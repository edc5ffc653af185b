"""What is sent to a real archive comes back as it was, whichever way."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pydicom
import pytest

from tests.pipeline.pacs.conftest import Archive, free_port
from vb_desktop.cli.app import run_app
from vb_desktop.pipeline.errors import PacsFailed
from vb_desktop.pipeline.pacs.pacs import Query, open_pacs
from vb_desktop.pipeline.pacs.settings import PacsSettings, WebSettings, write_settings

Ways = Callable[[str], PacsSettings]


@pytest.mark.slow
@pytest.mark.parametrize("way", ["get", "move", "web"])
def test_what_is_sent_comes_back_equal(exported: Path, empty_archive: Ways, tmp_path: Path, way: str) -> None:
    pacs = open_pacs(empty_archive(way))
    pacs.echo()
    assert pacs.find(Query(patient_id="ID-7")) == []
    files = sorted(exported.iterdir())
    sent = {one.SOPInstanceUID: one for one in map(pydicom.dcmread, files)}
    assert {one.SOPClassUID.name for one in sent.values()} == {
        "MR Image Storage", "Segmentation Storage", "Comprehensive 3D SR Storage", "Encapsulated PDF Storage",
        "Secondary Capture Image Storage",
    }  # fmt: skip
    assert pacs.send(files) == len(sent)
    (study,) = pacs.find(Query(patient_name="Yamada*", study_date="20260101-20260131"))
    assert (study.patient_id, study.objects) == ("ID-7", len(sent))
    assert "山田" in study.patient_name
    series = pacs.find(Query(study_uid=study.study_uid))
    assert sum(one.objects for one in series) == len(sent) and {one.modality for one in series} >= {"MR", "SEG", "SR"}
    heard: list[int] = []
    back = [pydicom.dcmread(path) for path in pacs.get(study.study_uid, "", tmp_path / "all", heard.append)]
    assert {one.SOPInstanceUID for one in back} == set(sent) and heard[-1] == len(sent)
    for one in back:
        original = sent[one.SOPInstanceUID]
        assert one == original
        if "PixelData" in one:
            assert np.array_equal(one.pixel_array, original.pixel_array)
        if "EncapsulatedDocument" in one:
            assert one.EncapsulatedDocument[: one.EncapsulatedDocumentLength] == b"%PDF-1.7 odd\n"
    segmentation = next(one for one in series if one.modality == "SEG")
    assert len(pacs.get(study.study_uid, segmentation.series_uid, tmp_path / "one")) == 1
    with pytest.raises(PacsFailed):
        pacs.get("1.2.3.4", "", tmp_path / "none")
    assert not (tmp_path / "none").exists()


@pytest.mark.slow
def test_more_than_allowed_is_not_taken(exported: Path, empty_archive: Ways, tmp_path: Path) -> None:
    for way in ("get", "web"):
        settings = empty_archive(way).model_copy(update={"most_objects": 2})
        pacs = open_pacs(settings)
        pacs.send(sorted(exported.iterdir()))
        (study,) = pacs.find(Query(patient_id="ID-7"))
        with pytest.raises(PacsFailed) as error:
            pacs.get(study.study_uid, "", tmp_path / way)
        assert error.value.message.id == "pacs.too_many"


@pytest.mark.slow
def test_the_command_line(
    exported: Path, empty_archive: Ways, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = ["--settings", str(write_settings(empty_archive("get"), tmp_path / "pacs.toml"))]
    assert run_app(["pacs", "echo", *settings]) == 0
    assert run_app(["pacs", "send", str(exported), *settings]) == 0
    capsys.readouterr()
    assert run_app(["pacs", "find", "--patient-id", "ID-7", *settings]) == 0
    found = json.loads(capsys.readouterr().out)
    assert run_app(["pacs", "get", str(tmp_path / "in"), "--study", found["study_uid"], *settings]) == 0
    assert len(list((tmp_path / "in").glob("*.dcm"))) == found["objects"] > 20
    assert run_app(["pacs", "find", *settings]) == 2


@pytest.mark.slow
def test_a_stranger_is_refused_in_a_sentence(archive: Archive) -> None:
    known = archive.settings("get").dimse
    assert known is not None
    for change, said in ({"called": "OTHER"}, "pacs.refused"), ({"port": free_port()}, "pacs.no_answer"):
        with pytest.raises(PacsFailed) as error:
            open_pacs(PacsSettings(dimse=known.model_copy(update=change))).echo()
        assert error.value.message.id == said and error.value.advice()
    for url, said in (
        (f"http://127.0.0.1:{free_port()}", "pacs.web_no_answer"),
        (f"http://127.0.0.1:{archive.http_port}/nowhere", "pacs.web_status"),
    ):
        with pytest.raises(PacsFailed) as error:
            open_pacs(PacsSettings(web=WebSettings(url=url))).echo()
        assert error.value.message.id == said and error.value.advice()
