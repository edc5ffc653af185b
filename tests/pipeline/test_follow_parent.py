import os
import signal
import subprocess
import sys
import time

import psutil

STARTS_A_HELPER = """
import time
from multiprocessing import get_context
from vb_desktop.pipeline.follow_parent import follow_parent

def work(told):
    follow_parent()
    told.set()
    time.sleep(600)

if __name__ == "__main__":
    context = get_context("spawn")
    told = context.Event()
    helper = context.Process(target=work, args=(told,))
    helper.start()
    told.wait()
    print(helper.pid, flush=True)
    helper.join()
"""


def test_a_helper_ends_when_its_parent_is_killed(tmp_path):
    script = tmp_path / "starts_a_helper.py"
    script.write_text(STARTS_A_HELPER, encoding="utf-8")
    parent = subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True, cwd=os.getcwd())
    assert parent.stdout is not None
    helper = psutil.Process(int(parent.stdout.readline()))
    assert helper.is_running()
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    until = time.monotonic() + 20
    while helper.is_running() and helper.status() != psutil.STATUS_ZOMBIE and time.monotonic() < until:
        time.sleep(0.05)
    assert not helper.is_running() or helper.status() == psutil.STATUS_ZOMBIE
