"""A real archive, Orthanc, on the loopback: started for these tests with a configuration of their own."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import requests

from tests.phantom_case import make_case
from tests.pipeline.scan_import.synthetic_scans import make_series
from vb_desktop.pipeline.case_folder import read_case, write_volume
from vb_desktop.pipeline.export.export_case import DICOM, export_case
from vb_desktop.pipeline.pacs.settings import DimseSettings, PacsSettings, WebSettings
from vb_desktop.pipeline.scan_import.open_scan import open_scan
from vb_desktop.pipeline.stage_files import write_scan

PLUGIN = Path("/usr/share/orthanc/plugins/libOrthancDicomWeb.so")
NAME = "Yamada^Tarou=山田^太郎"
TITLE, CALLING = "TESTPACS", "VBDESKTOP"


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@dataclass(frozen=True, slots=True)
class Archive:
    dicom_port: int
    http_port: int
    move_port: int

    def settings(self, way: str) -> PacsSettings:
        """`get`, `move` or `web`."""
        if way == "web":
            return PacsSettings(web=WebSettings(url=f"http://127.0.0.1:{self.http_port}/dicom-web"))
        moving = {"retrieve": "move", "listen_port": self.move_port} if way == "move" else {}
        return PacsSettings(
            dimse=DimseSettings(host="127.0.0.1", port=self.dicom_port, called=TITLE, calling=CALLING, **moving)
        )

    def empty(self) -> None:
        base = f"http://127.0.0.1:{self.http_port}"
        for patient in requests.get(f"{base}/patients", timeout=10).json():
            requests.delete(f"{base}/patients/{patient}", timeout=10)


@pytest.fixture(scope="session")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    program = shutil.which("Orthanc") or shutil.which("Orthanc", path="/usr/sbin")
    if program is None or not PLUGIN.is_file():
        pytest.skip("Orthanc with its DICOMweb plug-in is not installed (Debian: orthanc, orthanc-dicomweb)")
    folder = tmp_path_factory.mktemp("orthanc")
    found = Archive(free_port(), free_port(), free_port())
    config = {
        "Name": "test", "StorageDirectory": str(folder / "db"), "IndexDirectory": str(folder / "db"),
        "RemoteAccessAllowed": False, "AuthenticationEnabled": False, "SslEnabled": False,
        "HttpPort": found.http_port, "DicomPort": found.dicom_port, "DicomAet": TITLE, "DicomCheckCalledAet": True,
        "DefaultEncoding": "Utf8",
        "DicomModalities": {"here": [CALLING, "127.0.0.1", found.move_port]}, "DicomCheckModalityHost": True,
        "DicomAlwaysAllowEcho": False, "DicomAlwaysAllowStore": False,
        "Plugins": [str(PLUGIN)], "DicomWeb": {"Enable": True, "Root": "/dicom-web/"},
    }  # fmt: skip
    (folder / "orthanc.json").write_text(json.dumps(config))
    with (folder / "log").open("w") as log:
        process = subprocess.Popen([program, str(folder / "orthanc.json")], stdout=log, stderr=log, cwd=folder)
    try:
        for _ in range(300):
            try:
                if requests.get(f"http://127.0.0.1:{found.http_port}/system", timeout=2).ok:
                    break
            except requests.ConnectionError:
                assert process.poll() is None, (folder / "log").read_text()[-2000:]
            time.sleep(0.1)
        yield found
    finally:
        process.terminate()
        process.wait(timeout=20)


@pytest.fixture(scope="session")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Everything of a small case that goes back to the hospital, and the series that it was made from."""
    folder = tmp_path_factory.mktemp("sent")
    series = make_series(
        folder / "series", PatientName="Yamada^Tarou=山田^太郎", PatientID="ID-7", StudyDate="20260102"
    )
    scan = open_scan(series)
    case = make_case(folder / "case", synthetic=False)
    write_scan(case, scan)
    region = np.zeros(scan.volume.voxels.shape, np.float32)
    region[6:10, 5:9, 4:9] = 0.9
    write_volume(case / "native" / "refined_prior.nii.gz", scan.volume.like(region))
    (case / "report.pdf").write_bytes(b"%PDF-1.7 odd\n")
    export_case(read_case(case), folder / "out", sorted(DICOM), images=series)
    return folder / "out"


@pytest.fixture
def empty_archive(archive: Archive) -> Callable[[str], PacsSettings]:
    """Settings of a way to the archive, which holds nothing."""
    archive.empty()
    return archive.settings
