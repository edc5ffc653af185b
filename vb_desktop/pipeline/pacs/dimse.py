"""DICOM's own network services through pynetdicom: C-ECHO, C-FIND, C-GET or C-MOVE, C-STORE."""

from __future__ import annotations

import ssl
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.errors import InvalidDicomError
from pydicom.uid import (
    Comprehensive3DSRStorage,
    ComprehensiveSRStorage,
    EncapsulatedPDFStorage,
    EnhancedMRImageStorage,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGLosslessSV1,
    JPEGLSLossless,
    LegacyConvertedEnhancedMRImageStorage,
    MRImageStorage,
    RLELossless,
    SecondaryCaptureImageStorage,
    SegmentationStorage,
)

from vb_desktop.pipeline.errors import PacsFailed
from vb_desktop.pipeline.pacs.pacs import Answer, OnObject, Query, answer_of, query_dataset
from vb_desktop.pipeline.pacs.received import Received
from vb_desktop.pipeline.pacs.settings import DimseSettings

TAKEN = (
    MRImageStorage, EnhancedMRImageStorage, LegacyConvertedEnhancedMRImageStorage, SegmentationStorage,
    ComprehensiveSRStorage, Comprehensive3DSRStorage, EncapsulatedPDFStorage, SecondaryCaptureImageStorage,
)  # fmt: skip
"""Kinds of objects that are retrieved: what the program reads and what it writes."""
PLAIN = [ExplicitVRLittleEndian, ImplicitVRLittleEndian]
PACKED = [JPEGLSLossless, JPEG2000Lossless, JPEGLosslessSV1, RLELossless]
SUCCESS, PENDING, WARNINGS = 0x0000, (0xFF00, 0xFF01), range(0xB000, 0xC000)


class Dimse:
    """An archive behind DICOM's network services."""

    def __init__(self, settings: DimseSettings, timeout_s: float = 30.0, most_objects: int = 5000) -> None:
        self.settings, self._timeout, self._most = settings, timeout_s, most_objects

    def echo(self) -> None:
        """C-ECHO."""
        from pynetdicom.sop_class import Verification

        with self._associated([(Verification, PLAIN)]) as association:
            self._check(association.send_c_echo(), "pacs.echo")

    def find(self, query: Query) -> list[Answer]:
        """C-FIND at the level of studies, or of the series of one study."""
        from pynetdicom.sop_class import StudyRootQueryRetrieveInformationModelFind as Model

        found = []
        with self._associated([(Model, PLAIN)]) as association:
            for status, identifier in association.send_c_find(query_dataset(query), Model):
                if status and status.Status in PENDING and identifier is not None:
                    found.append(answer_of(identifier, query))
                    if len(found) > self._most:
                        raise PacsFailed("pacs.too_many", most=self._most)
                else:
                    self._check(status, "pacs.find")
        return found

    def get(self, study_uid: str, series_uid: str, folder: Path, on_object: OnObject = lambda _: None) -> list[Path]:
        """C-GET, or C-MOVE to a port on which this program listens until all have come."""
        received = Received(study_uid, series_uid, folder, self._most, on_object)
        asked = Dataset()
        asked.QueryRetrieveLevel = "SERIES" if series_uid else "STUDY"
        asked.StudyInstanceUID = study_uid
        if series_uid:
            asked.SeriesInstanceUID = series_uid
        taking = _Taking(received)
        if self.settings.retrieve == "move":
            self._move(asked, taking)
        else:
            self._get(asked, taking)
        if taking.failed is not None:
            raise taking.failed
        if not received.paths:
            raise PacsFailed("pacs.nothing_came")
        return received.paths

    def send(self, files: Iterable[Path], on_object: OnObject = lambda _: None) -> int:
        """C-STORE of each file, as it is."""
        files = list(files)
        kinds = dict.fromkeys(_kind(path) for path in files)
        if not kinds:
            raise PacsFailed("pacs.nothing_to_send")
        with self._associated([(kind, [syntax]) for kind, syntax in kinds]) as association:
            for number, path in enumerate(files, start=1):
                try:
                    status = association.send_c_store(dcmread(path))
                except ValueError as error:  # no context for it was accepted
                    raise PacsFailed("pacs.kind_refused", number=number) from error
                self._check(status, "pacs.store")
                on_object(number)
        return len(files)

    def _get(self, asked: Dataset, taking: _Taking) -> None:
        from pynetdicom import build_role, evt
        from pynetdicom.sop_class import StudyRootQueryRetrieveInformationModelGet as Model

        contexts = [(Model, PLAIN), *((kind, PLAIN) for kind in TAKEN), *((kind, PACKED) for kind in TAKEN)]
        roles = [build_role(kind, scp_role=True) for kind in TAKEN]
        handlers = [(evt.EVT_C_STORE, taking)]
        with self._associated(contexts, ext_neg=roles, evt_handlers=handlers) as association:
            for status, _ in association.send_c_get(asked, Model):
                if taking.failed is not None:
                    association.abort()
                    return
                if not status or status.Status not in PENDING:
                    self._check(status, "pacs.retrieve")

    def _move(self, asked: Dataset, taking: _Taking) -> None:
        from pynetdicom import AE, evt
        from pynetdicom.sop_class import StudyRootQueryRetrieveInformationModelMove as Model

        listener = AE(ae_title=self.settings.calling)
        listener.require_called_aet = True
        for kind in TAKEN:
            listener.add_supported_context(kind, [*PLAIN, *PACKED])
        address = (self.settings.listen_host, self.settings.listen_port)
        try:
            server = listener.start_server(
                address, block=False, evt_handlers=[(evt.EVT_C_STORE, taking)], ssl_context=self._listening_tls()
            )
        except OSError as error:
            raise PacsFailed("pacs.port", port=address[1]) from error
        try:
            with self._associated([(Model, PLAIN)]) as association:
                for status, _ in association.send_c_move(asked, self.settings.calling, Model):
                    if not status or status.Status not in PENDING:
                        self._check(status, "pacs.retrieve")
        finally:
            server.shutdown()

    @contextmanager
    def _associated(self, contexts: list[tuple[Any, list[Any]]], **options: Any) -> Iterator[Any]:
        from pynetdicom import AE

        entity = AE(ae_title=self.settings.calling)
        entity.acse_timeout = entity.dimse_timeout = entity.network_timeout = self._timeout
        entity.connection_timeout = min(10.0, self._timeout)
        for kind, syntaxes in contexts:
            entity.add_requested_context(kind, syntaxes)
        association = entity.associate(
            self.settings.host, self.settings.port, ae_title=self.settings.called, tls_args=self._tls(), **options
        )
        if not association.is_established:
            raise PacsFailed(
                "pacs.refused" if association.is_rejected else "pacs.no_answer",
                host=self.settings.host, port=self.settings.port, called=self.settings.called,
                calling=self.settings.calling,
            )  # fmt: skip
        try:
            yield association
        finally:
            if association.is_established:
                association.release()

    def _tls(self) -> tuple[ssl.SSLContext, str] | None:
        if not self.settings.tls:
            return None
        return self._certified(ssl.create_default_context(cafile=self.settings.ca_file or None)), self.settings.host

    def _listening_tls(self) -> ssl.SSLContext | None:
        return self._certified(ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)) if self.settings.tls else None

    def _certified(self, context: ssl.SSLContext) -> ssl.SSLContext:
        if self.settings.cert_file:
            context.load_cert_chain(self.settings.cert_file)
        return context

    def _check(self, status: Any, said: str) -> None:
        """Refuse everything but success and warnings."""
        if not status:
            raise PacsFailed("pacs.broken_off")
        if status.Status != SUCCESS and status.Status not in WARNINGS:
            raise PacsFailed(said, status=f"{status.Status:04X}")


class _Taking:
    """Takes what is sent; a fault of its own ends the retrieval, and is told afterwards."""

    def __init__(self, received: Received) -> None:
        self.received = received
        self.failed: Exception | None = None

    def __call__(self, event: Any) -> int:
        if self.failed is not None:
            return 0xA700
        try:
            dataset = event.dataset
            dataset.file_meta = event.file_meta
            self.received.take(dataset)
        except PacsFailed as error:
            self.failed = error
            return 0xA900
        except OSError as error:
            self.failed = PacsFailed("pacs.disk", cause=error.strerror or "it is refused")
            return 0xA700
        return SUCCESS

    __name__ = "take"  # pynetdicom logs it


def _kind(path: Path) -> tuple[Any, Any]:
    try:
        header = dcmread(path, specific_tags=["SOPClassUID"])
        return header.SOPClassUID, header.file_meta.TransferSyntaxUID
    except (InvalidDicomError, OSError, AttributeError) as error:
        raise PacsFailed("pacs.no_dicom", name=path.name) from error
