"""What a running stage does, in the window's language: the pipeline tells it in English."""

from __future__ import annotations

import re

from vb_desktop.shell.language import QT_TRANSLATE_NOOP, translate

SENTENCES = (
    QT_TRANSLATE_NOOP("Progress", "Reading the scan"),
    QT_TRANSLATE_NOOP("Progress", "Reading DICOM headers"),
    QT_TRANSLATE_NOOP("Progress", "Decoding the slices"),
    QT_TRANSLATE_NOOP("Progress", "Copying the case"),
    QT_TRANSLATE_NOOP("Progress", "Making small pictures of the series"),
    QT_TRANSLATE_NOOP("Progress", "Extracting the brain"),
    QT_TRANSLATE_NOOP("Progress", "Extracting the brain (HD-BET 2)"),
    QT_TRANSLATE_NOOP("Progress", "Extracting the brain (HD-BET, pass {} of {})"),
    QT_TRANSLATE_NOOP("Progress", "Correcting the bias field (N4)"),
    QT_TRANSLATE_NOOP("Progress", "Aligning to the template (SyN)"),
    QT_TRANSLATE_NOOP("Progress", "Looking for the lesion, to leave it out of the alignment"),
    QT_TRANSLATE_NOOP("Progress", "Resampling to the template"),
    QT_TRANSLATE_NOOP("Progress", "Looking at {} slices"),
    QT_TRANSLATE_NOOP("Progress", "Looked at slice {} of {}"),
    QT_TRANSLATE_NOOP("Progress", "No tumour found"),
    QT_TRANSLATE_NOOP("Progress", "Stacking and smoothing the boxes"),
    QT_TRANSLATE_NOOP("Progress", "Refining the prior"),
    QT_TRANSLATE_NOOP("Progress", "Diagnosing"),
    QT_TRANSLATE_NOOP("Progress", "Computing Grad-CAM"),
    QT_TRANSLATE_NOOP("Progress", "Looking at mirrored and moved copies"),
    QT_TRANSLATE_NOOP("Progress", "Diagnosed"),
    QT_TRANSLATE_NOOP("Progress", "Writing the report"),
)
"""As the stages tell them; {} stands for what differs."""


def progress_words(told: str) -> str:
    """A step in the reader's language; as it was told where it is unknown."""
    for sentence in SENTENCES:
        pattern = "(.+)".join(map(re.escape, sentence.split("{}")))
        if (found := re.fullmatch(pattern, told)) is not None:
            return translate("Progress", sentence).format(*found.groups())
    return told
