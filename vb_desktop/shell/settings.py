"""Comfort of the user, kept by Qt: nothing here changes a result (that is `Config`)."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings

_CASES = "cases_folder"
_LAST = "last_folder"
_GEOMETRY = "geometry"
_FOUR = "four_views"


class Settings:
    """Last folder, folder of the cases, place of the window.

    Args:
        store: where they are kept; by default the user's own settings file.
    """

    def __init__(self, store: QSettings | None = None) -> None:
        self._store = store or QSettings(
            QSettings.Format.IniFormat, QSettings.Scope.UserScope, "vb-desktop", "vb-desktop"
        )

    @property
    def cases_folder(self) -> Path:
        """Where runs from the window put their cases."""
        return Path(str(self._store.value(_CASES, str(Path.home() / "Virtual Biopsy Cases"))))

    @cases_folder.setter
    def cases_folder(self, folder: Path) -> None:
        self._store.setValue(_CASES, str(folder))

    @property
    def last_folder(self) -> Path:
        """Where the last scan was opened from."""
        return Path(str(self._store.value(_LAST, str(Path.home()))))

    @last_folder.setter
    def last_folder(self, folder: Path) -> None:
        self._store.setValue(_LAST, str(folder))

    @property
    def geometry(self) -> QByteArray | None:
        """Place and size of the window."""
        value = self._store.value(_GEOMETRY)
        return value if isinstance(value, QByteArray) else None

    @geometry.setter
    def geometry(self, value: QByteArray) -> None:
        self._store.setValue(_GEOMETRY, value)

    @property
    def four_views(self) -> bool:
        """Whether the image is shown in four views."""
        return str(self._store.value(_FOUR, "false")) == "true"

    @four_views.setter
    def four_views(self, on: bool) -> None:
        self._store.setValue(_FOUR, "true" if on else "false")
