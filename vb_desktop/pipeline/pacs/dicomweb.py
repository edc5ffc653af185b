"""DICOMweb through dicomweb-client: QIDO-RS, WADO-RS, STOW-RS."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.errors import InvalidDicomError

from vb_desktop.pipeline.errors import PacsFailed
from vb_desktop.pipeline.pacs.pacs import Answer, OnObject, Query, answer_of, query_dataset
from vb_desktop.pipeline.pacs.received import Received
from vb_desktop.pipeline.pacs.settings import WebSettings

Value = TypeVar("Value")
AT_ONCE = 20
"""Objects in one request."""


class DicomWeb:
    """An archive behind DICOMweb."""

    def __init__(self, settings: WebSettings, timeout_s: float = 30.0, most_objects: int = 5000) -> None:
        self.settings, self._timeout, self._most = settings, timeout_s, most_objects

    def echo(self) -> None:
        """Ask for one study; DICOMweb has no echo."""
        self._ask(lambda client: client.search_for_studies(limit=1))

    def find(self, query: Query) -> list[Answer]:
        """QIDO-RS for studies, or for the series of one study."""
        asked = query_dataset(query)
        filters = {e.keyword: str(e.value) for e in asked if e.value and e.keyword not in _NOT_ASKED}
        wanted = [e.keyword for e in asked if e.keyword not in ("QueryRetrieveLevel", "SpecificCharacterSet")]

        def search(client: Any) -> list[dict[str, Any]]:
            options = {"fields": wanted, "search_filters": filters, "limit": self._most}
            if query.level == "SERIES":
                return list(client.search_for_series(study_instance_uid=query.study_uid, **options))
            return list(client.search_for_studies(**options))

        return [answer_of(Dataset.from_json(one), query) for one in self._ask(search)]

    def get(self, study_uid: str, series_uid: str, folder: Path, on_object: OnObject = lambda _: None) -> list[Path]:
        """WADO-RS, in the transfer syntax in which the archive holds the objects."""
        received = Received(study_uid, series_uid, folder, self._most, on_object)
        anything = (("application/dicom", "*"),)

        def retrieve(client: Any) -> None:
            whole = client.iter_series(study_uid, series_uid, media_types=anything) if series_uid else None
            for dataset in whole or client.iter_study(study_uid, media_types=anything):
                received.take(dataset)

        try:
            self._ask(retrieve)
        except OSError as error:
            raise PacsFailed("pacs.disk", cause=error.strerror or "it is refused") from error
        if not received.paths:
            raise PacsFailed("pacs.nothing_came")
        return received.paths

    def send(self, files: Iterable[Path], on_object: OnObject = lambda _: None) -> int:
        """STOW-RS, some at a time; what the archive refuses ends it."""
        files = list(files)
        if not files:
            raise PacsFailed("pacs.nothing_to_send")
        for at in range(0, len(files), AT_ONCE):
            datasets = [_read(path) for path in files[at : at + AT_ONCE]]
            answer = self._ask(partial(_store, datasets))
            if refused := answer.get("FailedSOPSequence"):
                raise PacsFailed("pacs.store", status=f"{int(refused[0].get('FailureReason', 0)):04X}")
            on_object(at + len(datasets))
        return len(files)

    def _ask(self, ask: Callable[[Any], Value]) -> Value:
        import requests
        from dicomweb_client.api import DICOMwebClient

        session = requests.Session()
        session.trust_env = False  # no proxy and no password from somewhere else
        for scheme in ("http://", "https://"):
            session.mount(scheme, _plain_stars())
        if self.settings.login:
            user, _, password = self._secret(self.settings.login).partition(":")
            session.auth = (user, password)
        headers = {"Authorization": f"Bearer {self._secret(self.settings.token)}"} if self.settings.token else None
        client = DICOMwebClient(self.settings.url, session=session, headers=headers, timeout=self._timeout)
        client.set_http_retry_params(retry=False)
        try:
            return ask(client)
        except requests.HTTPError as error:
            status = error.response.status_code if error.response is not None else 0
            name = "pacs.web_login" if status in (401, 403) else "pacs.web_status"
            raise PacsFailed(name, url=self.settings.url, status=status) from error
        except requests.RequestException as error:
            raise PacsFailed("pacs.web_no_answer", url=self.settings.url) from error
        except (ValueError, KeyError, InvalidDicomError) as error:
            raise PacsFailed("pacs.web_strange", url=self.settings.url) from error
        finally:
            session.close()

    def _secret(self, variable: str) -> str:
        value = os.environ.get(variable, "")
        if not value:
            raise PacsFailed("pacs.no_secret", variable=variable)
        return value


_NOT_ASKED = frozenset({"QueryRetrieveLevel", "SpecificCharacterSet", "StudyInstanceUID"})


def _plain_stars() -> Any:
    """An adapter that leaves `*` as it is: the client escapes it, and not every archive undoes that."""
    from requests.adapters import HTTPAdapter

    class PlainStars(HTTPAdapter):  # type: ignore[misc]  # requests has no types
        def send(self, request: Any, *arguments: Any, **options: Any) -> Any:
            request.url = request.url.replace("%2A", "*")
            return super().send(request, *arguments, **options)

    return PlainStars()


def _store(datasets: list[Dataset], client: Any) -> Dataset:
    answer: Dataset = client.store_instances(datasets)
    return answer


def _read(path: Path) -> Dataset:
    try:
        return dcmread(path)
    except (InvalidDicomError, OSError) as error:
        raise PacsFailed("pacs.no_dicom", name=path.name) from error
