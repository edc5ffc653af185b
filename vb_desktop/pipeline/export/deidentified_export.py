"""An export without identity: made from a copy of the case that has none, cleaned again, and searched at the end."""

from __future__ import annotations

import re
import secrets
from collections.abc import Collection
from pathlib import Path
from tempfile import TemporaryDirectory

from pydicom import dcmread

from vb_desktop.pipeline.atomic import write_text
from vb_desktop.pipeline.case_folder import Case
from vb_desktop.pipeline.deidentify.confidentiality_profile import METHOD, ConfidentialityProfile
from vb_desktop.pipeline.deidentify.deidentified_case import deidentified_case
from vb_desktop.pipeline.deidentify.find_identity import find_identity
from vb_desktop.pipeline.deidentify.identity_strings import identity_strings
from vb_desktop.pipeline.deidentify.key_file import check_key_path, write_key
from vb_desktop.pipeline.errors import ExportFailed
from vb_desktop.pipeline.export.export_case import Kind, write_kinds
from vb_desktop.pipeline.export.scanner_images import scanner_images

_PSEUDONYM = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,31}")


def write_deidentified(
    case: Case, folder: Path, kinds: Collection[Kind], pseudonym: str, key: Path | None, images: Path | None,
    published: Path,
) -> None:  # fmt: skip
    """Write an export without identity.

    Args:
        case: with its identity.
        folder: where to write.
        kinds: as of `export_case`.
        pseudonym: letters, digits, "-" and "_".
        key: where the way back to the patient is written; None: nowhere.
        images: folder of the series that the scan came from; None: without its images.
        published: where `folder` will lie in the end; the key may not lie there.

    Raises:
        ExportFailed: a string of the source's identity is left; and as `export_case`.
    """
    if not _PSEUDONYM.fullmatch(pseudonym):
        raise ExportFailed("export.pseudonym")
    if key is not None:
        check_key_path(key, published)
    found = [] if images is None else scanner_images(case, images)
    names = [part for path, _ in found for part in (path.name, path.stem, path.parent.name)]
    strings = identity_strings(case, (image for _, image in found), names)
    profile = ConfidentialityProfile(pseudonym, secrets.token_hex(32))
    with TemporaryDirectory() as scratch:
        copy = deidentified_case(case, Path(scratch) / "case", profile, strings)
        if {"pdf", "dicom-pdf"} & set(kinds):
            from vb_desktop.pipeline.report.write_report import write_report

            write_report(copy)
        write_kinds(copy, folder, kinds)
    for path in sorted(folder.glob("*.dcm")):
        dataset = dcmread(path)
        profile.product(dataset)
        dataset.save_as(path, enforce_file_format=True)
    for number, (_, image) in enumerate(found, start=1):
        profile.source(image)
        image.save_as(folder / f"{pseudonym}_image_{number:04d}.dcm", enforce_file_format=True)
    write_text(folder / f"{pseudonym}_DEIDENTIFIED.txt", _readme(len(strings.sought), len(strings.common), bool(found)))
    left = find_identity(folder, strings)
    if left:
        raise ExportFailed("export.identity_left", count=len(left), file=left[0].file.name, place=left[0].place)
    if key is not None:
        write_key(key, case, profile)


def _readme(sought: int, common: int, with_images: bool) -> str:
    said = [
        f"De-identified by {METHOD}.",
        "Names, numbers, dates, free texts, institution and device are taken out; UIDs are new and agree.",
        "Scan volumes, report and key images show the brain only.",
        f"{sought} strings of the source were looked for in every byte and not found.",
    ]
    if common:
        said.append(f"{common} more are words that the program writes itself; they could not be told apart.")
    said.append("Text in the pixels of pictures was not looked for.")
    if with_images:
        said.append("The images of the scanner keep their pixels: the face is still in them.")
    return "\n".join(said) + "\n"
