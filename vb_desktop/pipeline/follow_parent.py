"""A helper process that ends when the process that started it is gone, however that ended."""

from __future__ import annotations

import multiprocessing
import os
import threading


def follow_parent() -> None:
    """In a helper process: watch the process that started it, and end without more work when it is gone.

    Files are written atomically (`atomic.py`), so nothing half written is left.
    """
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def watch() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=watch, name="follow-parent", daemon=True).start()
