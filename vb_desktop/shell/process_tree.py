"""End a process with all its descendants."""

from __future__ import annotations

from contextlib import suppress

import psutil

GRACE_S = 1.5
"""How long to wait for the killed processes to be gone."""


def end_process_tree(pid: int, *, keep_root: bool = False) -> None:
    """Kill a process and its descendants; the root is stopped first, so that it can't start more of them.

    Args:
        pid: the root.
        keep_root: end the descendants only (the caller is the root).
    """
    try:
        root = psutil.Process(pid)
    except psutil.NoSuchProcess:
        return
    if not keep_root:
        with suppress(psutil.Error):
            root.suspend()
    doomed: list[psutil.Process] = []
    with suppress(psutil.Error):
        doomed = root.children(recursive=True)
    if not keep_root:
        doomed.append(root)
    for process in doomed:
        with suppress(psutil.Error):
            process.kill()
    psutil.wait_procs([process for process in doomed if process != root], timeout=GRACE_S)
