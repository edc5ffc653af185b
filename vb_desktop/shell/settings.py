"""Comfort of the user, kept by Qt: what changes a result goes from here into the `Config` of a run."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QByteArray, QLocale, QSettings

from vb_desktop.shell import theme

_RECENT = 8
"""Cases that the first page lists."""


class Settings:
    """What the user has chosen; every value has a default that works.

    Args:
        store: where they are kept; by default the user's own settings file.
    """

    def __init__(self, store: QSettings | None = None) -> None:
        self._store = store or QSettings(
            QSettings.Format.IniFormat, QSettings.Scope.UserScope, "vb-desktop", "vb-desktop"
        )

    # --- folders and places ------------------------------------------------------------------------------------------

    @property
    def cases_folder(self) -> Path:
        """Where runs from the window put their cases."""
        return Path(self._text("cases_folder", str(Path.home() / "Virtual Biopsy Cases")))

    @cases_folder.setter
    def cases_folder(self, folder: Path) -> None:
        self._store.setValue("cases_folder", str(folder))

    @property
    def last_folder(self) -> Path:
        """Where the last scan was opened from."""
        return Path(self._text("last_folder", str(Path.home())))

    @last_folder.setter
    def last_folder(self, folder: Path) -> None:
        self._store.setValue("last_folder", str(folder))

    @property
    def recent_cases(self) -> list[Path]:
        """Case folders that were open, the last one first; those that are gone are left out."""
        kept = self._text("recent_cases").split("\n")
        return [folder for folder in map(Path, filter(None, kept)) if (folder / "case.json").is_file()]

    def add_recent(self, folder: Path) -> None:
        """A case was opened."""
        if self.remembers_cases:
            others = [other for other in self.recent_cases if other != folder]
            self._store.setValue("recent_cases", "\n".join(map(str, [folder, *others][:_RECENT])))

    def forget_recent(self) -> None:
        """Empty the list of cases."""
        self._store.remove("recent_cases")

    @property
    def geometry(self) -> QByteArray | None:
        """Place and size of the window."""
        return self._bytes("geometry")

    @geometry.setter
    def geometry(self, value: QByteArray) -> None:
        self._store.setValue("geometry", value)

    @property
    def docks(self) -> QByteArray | None:
        """Where the docks are."""
        return self._bytes("docks")

    @docks.setter
    def docks(self, value: QByteArray) -> None:
        self._store.setValue("docks", value)

    @property
    def four_views(self) -> bool:
        """Whether the image is shown in four views."""
        return self._yes("four_views")

    @four_views.setter
    def four_views(self, on: bool) -> None:
        self._store.setValue("four_views", "true" if on else "false")

    def keep_layout(self, mode: str) -> None:
        """Remember how many views there are: "four" or "single"."""
        self.four_views = mode == "four"

    # --- look --------------------------------------------------------------------------------------------------------

    @property
    def theme(self) -> str:
        """`dark` or `light`."""
        return self._text("theme", "dark")

    @theme.setter
    def theme(self, name: str) -> None:
        self._store.setValue("theme", name)

    @property
    def font_points(self) -> int:
        """Size of the window's font."""
        kept = self._text("font_points", str(theme.USUAL))
        return int(kept) if kept.isdecimal() else theme.USUAL

    @font_points.setter
    def font_points(self, points: int) -> None:
        self._store.setValue("font_points", str(points))

    @property
    def language(self) -> str:
        """`en` or `zh`; the system's own until the user has chosen."""
        is_chinese = QLocale.system().language() == QLocale.Language.Chinese
        return self._text("language", "zh" if is_chinese else "en")

    @language.setter
    def language(self, code: str) -> None:
        self._store.setValue("language", code)

    # --- reader, report, runs ----------------------------------------------------------------------------------------

    def text(self, key: str) -> str:
        """A value of the pages of the settings; empty where nothing was chosen.

        Args:
            key: such as "reader", "report/institution" or "vlm/url".
        """
        return self._text(key)

    def set_text(self, key: str, value: str) -> None:
        """Keep it; an empty value is the default again."""
        if value:
            self._store.setValue(key, value)
        else:
            self._store.remove(key)

    @property
    def remembers_cases(self) -> bool:
        """Whether the cases that were open are listed."""
        return self._yes("remembers_cases", "true")

    @remembers_cases.setter
    def remembers_cases(self, on: bool) -> None:
        self._store.setValue("remembers_cases", "true" if on else "false")
        if not on:
            self.forget_recent()

    def _text(self, key: str, default: str = "") -> str:
        return str(self._store.value(key, default))

    def _yes(self, key: str, default: str = "false") -> bool:
        return self._text(key, default) == "true"

    def _bytes(self, key: str) -> QByteArray | None:
        value = self._store.value(key)
        return value if isinstance(value, QByteArray) else None
