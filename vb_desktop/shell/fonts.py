"""The fonts of the report serve the window too: Chinese, and names in any script that they hold."""

from __future__ import annotations

from functools import cache

from PySide6.QtGui import QFontDatabase

from vb_desktop.assets import asset


@cache
def load_fonts() -> None:
    """Make them known to Qt, once."""
    for name in ("NotoSans-Regular.ttf", "NotoSans-Bold.ttf", "DroidSansFallbackFull.ttf"):
        QFontDatabase.addApplicationFont(str(asset(f"fonts/{name}")))
