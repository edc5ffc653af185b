"""Ways in which a file can be damaged. Each gives new bytes from old ones and a random generator."""

from __future__ import annotations

import io
import re
import struct
from collections.abc import Callable
from typing import Any

import numpy as np

Damage = Callable[[bytes, np.random.Generator], bytes]
_ELEMENT = re.compile(rb"[\x02\x08\x10\x18\x20\x28\x52\xe0\xfe]\x00..[A-Z]{2}", re.DOTALL)
_NUMBER = re.compile(rb"-?\d+(?:\.\d+)?(?:e[-+]?\d+)?")
_ABSURD = (b"nan", b"NaN", b"inf", b"-inf", b"1e400", b"-0", b"0", b"-1", b"1e-30", b"99999999", b"0x10", b"")


def flip(content: bytes, rng: np.random.Generator) -> bytes:
    """Up to 20 bytes get another value, half of the times near the beginning."""
    data = bytearray(content)
    reach = len(data) if rng.random() < 0.5 else min(len(data), int(rng.choice([400, 2000, 20_000])))
    for _ in range(int(rng.integers(1, 21))):
        at = int(rng.integers(reach))
        data[at] = int(rng.integers(256)) if rng.random() < 0.5 else data[at] ^ (1 << int(rng.integers(8)))
    return bytes(data)


def truncate(content: bytes, rng: np.random.Generator) -> bytes:
    """The end is missing."""
    reach = len(content) if rng.random() < 0.6 else min(len(content), 5000)
    return content[: int(rng.integers(reach))]


def splice(content: bytes, rng: np.random.Generator) -> bytes:
    """A block is left out, doubled, zeroed or put elsewhere."""
    size = int(rng.choice([1, 2, 8, 64, 512, 4096, 65536]))
    reach = len(content) if rng.random() < 0.5 else min(len(content), 5000)
    at, to = (int(rng.integers(reach)) for _ in range(2))
    block = content[at : at + size]
    how = int(rng.integers(4))
    if how == 0:
        return content[:at] + content[at + size :]
    if how == 1:
        return content[:to] + block + content[to:]
    if how == 2:
        return content[:at] + bytes(len(block)) + content[at + size :]
    return content[:to] + block + content[to + len(block) :]


def remove_element(content: bytes, rng: np.random.Generator) -> bytes:
    """A DICOM element is not there, at the top or in a sequence."""
    return _changed_dataset(content, rng, lambda dataset, tag: dataset.__delitem__(tag))


def absurd_element(content: bytes, rng: np.random.Generator) -> bytes:
    """A DICOM element of geometry or size has an absurd value."""

    def change(dataset: Any, tag: Any) -> None:
        element = dataset[tag]
        if element.VR == "SQ":
            element.value = []
        elif element.VR in ("US", "SS", "UL", "SL"):
            element.value = int(rng.choice([0, 1, 65535, 32768, 4096]))
        elif element.VR in ("FD", "FL"):
            element.value = [float(rng.choice([np.nan, np.inf, 0, -1, 1e300]))] * max(1, element.VM)
        elif element.VR == "IS":
            element.value = str(rng.choice([0, -1, 2**31 - 1, 65535]))
        elif element.VR == "DS":
            element.value = [str(rng.choice(["nan", "inf", "0", "-1", "1e300", "0.001"]))] * max(1, element.VM)
        else:
            dataset.__delitem__(tag)

    return _changed_dataset(content, rng, change, _SIZE_AND_PLACE)


_SIZE_AND_PLACE = (
    0x00280010, 0x00280011, 0x00280008, 0x00280002, 0x00280100, 0x00280101, 0x00280102, 0x00280103, 0x00280030,
    0x00180050, 0x00180088, 0x00200032, 0x00200037, 0x00281052, 0x00281053, 0x52009229, 0x52009230, 0x00289110,
    0x00209113, 0x00209116,
)  # fmt: skip


def _changed_dataset(
    content: bytes, rng: np.random.Generator, change: Callable[[Any, Any], None], only: tuple[int, ...] = ()
) -> bytes:
    import warnings

    from pydicom import config, dcmread
    from pydicom.dataset import Dataset

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        config.settings.writing_validation_mode = config.IGNORE
        dataset = dcmread(io.BytesIO(content), force=True)
        where: list[tuple[Dataset, Any]] = []

        def collect(one: Dataset, depth: int) -> None:
            for element in one:
                if not only or int(element.tag) in only:
                    where.append((one, element.tag))
                if element.VR == "SQ" and depth < 4:
                    for item in list(element.value)[:4]:
                        collect(item, depth + 1)

        collect(dataset, 0)
        for _ in range(int(rng.integers(1, 4))):
            one, tag = where[int(rng.integers(len(where)))]
            if tag in one:
                try:
                    change(one, tag)
                except Exception:
                    del one[tag]
        written = io.BytesIO()
        try:
            dataset.save_as(written, enforce_file_format=False)
        except Exception:  # what can't be written can't be met
            return truncate(content, rng)
    return written.getvalue()


def wrong_length(content: bytes, rng: np.random.Generator) -> bytes:
    """The length of a DICOM element is a lie."""
    data = bytearray(content)
    spots = [found.start() for found in _ELEMENT.finditer(content[:60_000])]
    pixel = content.rfind(b"\xe0\x7f\x10\x00")
    if pixel >= 0 and rng.random() < 0.3:
        spots = [pixel]
    if not spots:
        return flip(content, rng)
    at = spots[int(rng.integers(len(spots)))]
    long = bytes(data[at + 4 : at + 6]) in (b"OB", b"OW", b"SQ", b"UN", b"UT", b"OF")
    lie = int(rng.choice([0, 1, 2, 255, 65535, 2**31 - 1, 2**32 - 1, 2**32 - 2]))
    if long:
        data[at + 8 : at + 12] = struct.pack("<I", lie)
    else:
        data[at + 6 : at + 8] = struct.pack("<H", lie & 0xFFFF)
    return bytes(data)


def nifti_field(content: bytes, rng: np.random.Generator) -> bytes:
    """A field of a NIfTI header has an absurd value."""
    data = bytearray(content)
    if len(data) < 352:
        return content
    for _ in range(int(rng.integers(1, 4))):
        kind = int(rng.integers(4))
        if kind == 0:  # dim
            value = int(rng.choice([0, 1, -1, 2, 300, 1024, 32767]))
            struct.pack_into("<h", data, 40 + 2 * int(rng.integers(8)), value)
        elif kind == 1:  # pixdim, offset, scaling, quaternion, rows of the sform
            at = int(rng.choice([*range(76, 120, 4), *range(256, 328, 4)]))
            struct.pack_into("<f", data, at, float(rng.choice([np.nan, np.inf, -np.inf, 0, -1, 1e30, 1e-30, 7.5])))
        elif kind == 2:  # datatype, bitpix, codes
            struct.pack_into("<h", data, int(rng.choice([70, 72, 252, 254])), int(rng.integers(-1, 1300)))
        else:
            data[int(rng.choice([0, 1, 123, 344, 345, 346]))] = int(rng.integers(256))
    return bytes(data)


def text_number(content: bytes, rng: np.random.Generator) -> bytes:
    """A number in a text header is another one."""
    end = max(content.find(b"\n\n"), content.find(b"LOCAL"), 200)
    head = bytearray(content[:end])
    for _ in range(int(rng.integers(1, 4))):
        spots = list(_NUMBER.finditer(bytes(head)))
        spot = spots[int(rng.integers(len(spots)))]
        absurd, other = _ABSURD[int(rng.integers(len(_ABSURD)))], b"%d" % rng.integers(1, 999)
        head[spot.start() : spot.end()] = absurd if rng.random() < 0.7 else other
    return bytes(head) + content[end:]


def text_line(content: bytes, rng: np.random.Generator) -> bytes:
    """A line of a text header is missing, or there twice."""
    end = max(content.find(b"\n\n"), content.find(b"ElementDataFile"), 200)
    lines = content[:end].split(b"\n")
    n = int(rng.integers(len(lines)))
    lines[n : n + 1] = [] if rng.random() < 0.6 else [lines[n], lines[n]]
    return b"\n".join(lines) + content[end:]


def other_geometry(content: bytes, rng: np.random.Generator) -> bytes:
    """A spacing, a direction or a position has another value that is as plausible: mostly nothing can tell."""
    factor = float(rng.uniform(0.7, 1.4))
    if content[128:132] != b"DICM":
        data = bytearray(content)
        at = int(rng.choice([80, 84, 88, *range(268, 328, 4)]))
        (value,) = struct.unpack_from("<f", data, at)
        struct.pack_into("<f", data, at, value * factor)
        return bytes(data)

    def change(dataset: Any, tag: Any) -> None:
        element = dataset[tag]
        values = np.array(element.value, dtype=float).ravel()
        values[int(rng.integers(len(values)))] *= factor
        element.value = [f"{value:.6g}" for value in values]

    return _changed_dataset(content, rng, change, (0x00280030, 0x00180050, 0x00180088, 0x00200032, 0x00200037))


_ALWAYS: tuple[Damage, ...] = (flip, flip, truncate, splice)
BY_NAME: dict[str, Damage] = {"other_geometry": other_geometry}
"""Asked for by name alone."""

DAMAGES: dict[str, tuple[Damage, ...]] = {
    "dicom": (*_ALWAYS, remove_element, absurd_element, absurd_element, wrong_length),
    "nifti": (*_ALWAYS, nifti_field, nifti_field),
    "nrrd": (*_ALWAYS, text_number, text_number, text_line),
    "mha": (*_ALWAYS, text_number, text_number, text_line),
    "zip": _ALWAYS,
}
"""Format -> what can happen to it; listed twice where it is to happen more often."""
