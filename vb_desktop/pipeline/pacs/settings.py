"""Which archive, and how it is spoken to: a TOML file of the user's own; without it there is no PACS."""

from __future__ import annotations

import ipaddress
import os
import tomllib
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

import platformdirs
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, field_validator, model_validator

from vb_desktop.pipeline.errors import PacsFailed

ApplicationEntity = Annotated[str, StringConstraints(pattern=r"^[\x21-\x5B\x5D-\x7E]{1,16}$")]
"""Title of an application entity: up to 16 characters, no blank, no backslash."""
Port = Annotated[int, Field(ge=1, le=65535)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class DimseSettings(_Part):
    """DICOM's own network services: C-ECHO, C-FIND, C-GET or C-MOVE, C-STORE.

    Attributes:
        host: name or address of the archive.
        port: of the archive.
        called: its application entity title.
        calling: that of this program, as the archive knows it.
        retrieve: "get" takes the objects over the same connection; "move" has them sent to `listen_port`.
        listen_host: address on which they are taken then.
        listen_port: 0 where nothing listens, as with "get".
        tls: encrypted.
        ca_file: certificates that are trusted; empty: those of the system.
        cert_file: own certificate, with its key; empty: none.
    """

    host: str = Field(min_length=1)
    port: Port
    called: ApplicationEntity
    calling: ApplicationEntity = "VBDESKTOP"
    retrieve: Literal["get", "move"] = "get"
    listen_host: str = "127.0.0.1"
    listen_port: int = Field(default=0, ge=0, le=65535)
    tls: bool = False
    ca_file: str = ""
    cert_file: str = ""

    @model_validator(mode="after")
    def _move_listens(self) -> DimseSettings:
        if self.retrieve == "move" and self.listen_port == 0:
            raise ValueError("retrieve = move needs listen_port")
        return self


class WebSettings(_Part):
    """DICOMweb: QIDO-RS, WADO-RS, STOW-RS.

    Attributes:
        url: of the service, such as https://pacs.hospital.example/dicom-web.
        login: name of the environment variable that holds `user:password`; empty: none.
        token: name of the environment variable that holds a bearer token; empty: none.
        plain_http: allow http to another machine: everything is then sent in the clear.
    """

    url: str
    login: str = Field(default="", pattern=r"^\w*$")
    token: str = Field(default="", pattern=r"^\w*$")
    plain_http: bool = False

    @field_validator("url")
    @classmethod
    def _is_web(cls, url: str) -> str:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("must begin with https:// or http://")
        if parts.username or parts.password:
            raise ValueError("holds a password; name an environment variable in login instead")
        return url.rstrip("/")

    @model_validator(mode="after")
    def _is_encrypted(self) -> WebSettings:
        parts = urlsplit(self.url)
        if parts.scheme == "http" and not self.plain_http and not _is_loopback(parts.hostname or ""):
            raise ValueError("is not encrypted; use https, or set plain_http = true")
        return self


class PacsSettings(_Part):
    """An archive, reached by DICOM's network services, by DICOMweb, or by both.

    Attributes:
        dimse: DICOM's network services.
        web: DICOMweb.
        timeout_s: longest wait for an answer.
        most_objects: more are not retrieved at once.
    """

    dimse: DimseSettings | None = None
    web: WebSettings | None = None
    timeout_s: float = Field(default=30.0, gt=0, le=600)
    most_objects: int = Field(default=5000, ge=1, le=100_000)

    @model_validator(mode="after")
    def _has_one(self) -> PacsSettings:
        if self.dimse is None and self.web is None:
            raise ValueError("needs a section [dimse] or [web]")
        return self


def settings_path() -> Path:
    """Where the user's settings lie, if there are any."""
    named = os.environ.get("VB_PACS_SETTINGS", "")
    return Path(named) if named else Path(platformdirs.user_config_dir("vb-desktop", appauthor=False)) / "pacs.toml"


def read_settings(path: Path | None = None) -> PacsSettings:
    """Read the settings; `settings_path()` by default.

    Raises:
        PacsFailed: there are none, or they are not valid.
    """
    path = settings_path() if path is None else path
    try:
        return PacsSettings.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError as error:
        raise PacsFailed("pacs.not_set_up", path=path) from error
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(map(str, first["loc"])) or "file"
        cause = first["msg"].removeprefix("Value error, ")
        raise PacsFailed("pacs.settings", path=path, key=key, cause=cause) from error
    except (OSError, ValueError) as error:
        raise PacsFailed("pacs.settings", path=path, key="file", cause="it is no TOML that can be read") from error


def write_settings(settings: PacsSettings, path: Path | None = None) -> Path:
    """Write the settings, as a dialog does; only what differs from the defaults."""
    from vb_desktop.pipeline.atomic import write_text

    path = settings_path() if path is None else path
    told = settings.model_dump(exclude_defaults=True, exclude_none=True)
    lines = [f"{key} = {_toml(value)}" for key, value in told.items() if not isinstance(value, dict)]
    for key, section in told.items():
        if isinstance(section, dict):
            lines += ["", f"[{key}]", *(f"{name} = {_toml(value)}" for name, value in section.items())]
    path.parent.mkdir(parents=True, exist_ok=True)
    write_text(path, "\n".join(lines).strip() + "\n")
    return path


def _toml(value: object) -> str:
    import json

    return json.dumps(value, ensure_ascii=False)  # TOML writes texts, numbers and truth as JSON does


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
