"""Set up once, then run or test: `python installer/bootstrap.py run|test`. Standard library only.

Creates `.venv` and installs everything into it, system libraries too where it may (else it names the one command to
type). A second call finds the set-up done and starts at once. Windows users call this file; `make` is one line around
it.
"""

from __future__ import annotations

import ctypes.util
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
MARK = VENV / "vb-setup-done"
CONSTRAINTS = ROOT / "installer" / "constraints.txt"

LIBRARIES = {  # library that Qt or OpenGL opens -> Debian package that holds it
    "EGL": "libegl1",
    "GL": "libgl1",
    "glib-2.0": "libglib2.0-0",
    "fontconfig": "libfontconfig1",
    "dbus-1": "libdbus-1-3",
    "xkbcommon-x11": "libxkbcommon-x11-0",
    "X11-xcb": "libx11-xcb1",
    "xcb-cursor": "libxcb-cursor0",
    "xcb-icccm": "libxcb-icccm4",
    "xcb-keysyms": "libxcb-keysyms1",
    "xcb-randr": "libxcb-randr0",
    "xcb-shape": "libxcb-shape0",
    "xcb-sync": "libxcb-sync1",
    "xcb-xfixes": "libxcb-xfixes0",
    "xcb-xkb": "libxcb-xkb1",
    "gssapi_krb5": "libgssapi-krb5-2",
    "brotlidec": "libbrotli1",
}
TEST_PROGRAMS = {  # program that only tests start -> Debian packages that hold it
    "Orthanc": ("orthanc", "orthanc-dicomweb"),
    "dciodvfy": ("dicom3tools",),
    "qpdf": ("qpdf",),
    "pdftoppm": ("poppler-utils",),
}
MESA = Path("/usr/lib")  # the software renderer is a plug-in of libGL: looked for as a file


def main(arguments: list[str]) -> int:
    """Set up, then do what is asked.

    Returns:
        The exit status of what was run; 2 for wrong usage.
    """
    if len(arguments) != 1 or arguments[0] not in ("run", "test"):
        print("usage: python installer/bootstrap.py run|test", file=sys.stderr)
        return 2
    if sys.version_info < (3, 11):  # noqa: UP036  this file also runs on the Python that is found
        print(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}.", file=sys.stderr)
        return 1
    command = arguments[0]
    try:
        if MARK.is_file() and MARK.read_text(encoding="utf-8") == fingerprint():
            pass
        else:
            set_up()
        return run() if command == "run" else test()
    except KeyboardInterrupt:
        return 130
    except subprocess.CalledProcessError as error:
        print(f"The set-up failed at: {' '.join(map(str, error.cmd))}", file=sys.stderr)
        print(
            "Check the connection to the package index (proxy?) and the free disk space, then run it again.",
            file=sys.stderr,
        )
        return 1


def fingerprint() -> str:
    """What the set-up depends on: it is done again when this changes."""
    parts = [ROOT / "pyproject.toml", CONSTRAINTS, Path(__file__)]
    content = b"".join(path.read_bytes() for path in parts)
    return hashlib.sha256(content + sys.version.encode() + str(ROOT).encode()).hexdigest()


def set_up() -> None:
    """System libraries, `.venv` and every package."""
    system_libraries()
    if not python().is_file():
        print("Creating .venv", flush=True)
        venv.create(VENV, with_pip=True)
    pip("install", "--quiet", "--upgrade", "pip>=25.1")  # dependency groups
    print("Installing the packages (several minutes on a slow line)", flush=True)
    pip(
        "install",
        "--quiet",
        "--constraint",
        CONSTRAINTS,
        "--group",
        f"{ROOT / 'pyproject.toml'}:dev",
        "--editable",
        ROOT,
    )
    MARK.write_text(fingerprint(), encoding="utf-8")


def system_libraries() -> None:
    """Debian and Ubuntu: install what Qt and the tests need, or name the command. Elsewhere Qt's wheels bring it."""
    if not sys.platform.startswith("linux") or shutil.which("apt-get") is None:
        return
    missing = [package for library, package in LIBRARIES.items() if ctypes.util.find_library(library) is None]
    if importlib.util.find_spec("ensurepip") is None:  # Debian keeps it apart
        missing.append("python3-venv")
    if not any(MESA.glob("*/dri/swrast_dri.so")) and not any(MESA.glob("*/libgallium*.so")):
        missing.append("libgl1-mesa-dri")
    if shutil.which("xvfb-run") is None:
        missing += ["xvfb", "xauth"]
    install_debian(missing, "System")


def test_programs() -> None:
    """Debian and Ubuntu: install what only tests start, or name the command; those tests are skipped without it."""
    if not sys.platform.startswith("linux") or shutil.which("apt-get") is None:
        return
    path = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin"))
    wanted = {
        program: packages for program, packages in TEST_PROGRAMS.items() if shutil.which(program, path=path) is None
    }
    install_debian([package for packages in wanted.values() for package in packages], "Tests'")
    if "Orthanc" in wanted and os.geteuid() == 0 and shutil.which("systemctl") is not None:
        # The tests start their own; the package's would wait for patients on every address.
        subprocess.run(["systemctl", "disable", "--now", "orthanc"], check=False, stderr=subprocess.DEVNULL)


def install_debian(missing: list[str], whose: str) -> None:
    """Install the packages where that is allowed, else name the one command."""
    if not missing:
        return
    install = ["apt-get", "install", "--yes", "--no-install-recommends", *missing]
    if os.geteuid() == 0:
        print(f"Installing {whose.lower()} packages: {' '.join(missing)}", flush=True)
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "update", "-qq"], check=False, env=environment)
        done = subprocess.run([*install, "-qq"], check=False, env=environment, stdout=subprocess.DEVNULL)
        if done.returncode == 0:
            return
    print(
        f"{whose} packages are missing; install them with:\n  sudo {' '.join(install)}",
        file=sys.stderr,
        flush=True,
    )


def run() -> int:
    """The window on the demo case; without a display the same case headless, and where its report lies."""
    if has_display():
        demo = ROOT / "assets" / "demo" / "case"
        return subprocess.run([program(), "open", demo], cwd=ROOT, check=False).returncode
    out = ROOT / "cases" / "demo"
    print("No display: running the demo case on the command line.", flush=True)
    scan = ROOT / "assets" / "demo" / "scan.nii.gz"
    return subprocess.run([program(), "run", scan, "--out", out, "--force"], cwd=ROOT, check=False).returncode


def test() -> int:
    """All tests; inside a virtual screen where there is none."""
    test_programs()
    command: list[str | Path] = [python(), "-m", "pytest"]
    if not has_display() and (xvfb := shutil.which("xvfb-run")) is not None:
        command = [xvfb, "-a", "-s", "-screen 0 1600x1000x24", *command]
    environment = os.environ | {"QT_API": "pyside6"}
    return subprocess.run(command, cwd=ROOT, check=False, env=environment).returncode


def has_display() -> bool:
    """Whether a window can be shown."""
    if sys.platform.startswith("linux"):
        return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    return True


def scripts() -> Path:
    """Where `.venv` keeps its programs."""
    return VENV / ("Scripts" if os.name == "nt" else "bin")


def python() -> Path:
    """The interpreter of `.venv`."""
    return scripts() / ("python.exe" if os.name == "nt" else "python")


def program() -> Path:
    """The `vb-desktop` command of `.venv`."""
    return scripts() / ("vb-desktop.exe" if os.name == "nt" else "vb-desktop")


def pip(*arguments: str | Path) -> None:
    """Run pip of `.venv`; raises CalledProcessError."""
    subprocess.run([python(), "-m", "pip", "--disable-pip-version-check", *arguments], check=True, cwd=ROOT)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
