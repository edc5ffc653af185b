"""From reportlab's PDF to PDF/A-2b (ISO 19005-2): colours and description that a reader in twenty years can rely on.

reportlab embeds the fonts and writes no actions; what lacks is the output intent and the XMP description.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from vb_desktop.assets import asset
from vb_desktop.pipeline.report.content import Report
from vb_desktop.pipeline.report.tags import Tagged, hang_tree

PROFILE = "colour/sRGB.icc"
PROFILE_NAME = "sRGB IEC61966-2.1"


def to_archive(source: Path, target: Path, report: Report, created: datetime, tags: Sequence[Tagged] = ()) -> None:
    """Write `source` again as PDF/A-2b; the same source gives the same bytes.

    Args:
        source: reportlab's PDF, all fonts embedded.
        target: may not be `source`.
        report: whose title, product and language describe it.
        created: time of the analysis.
        tags: the marked pieces of its pages.
    """
    import pikepdf
    from pikepdf import Array, Dictionary, Name, String

    moment = created.astimezone(UTC)
    with pikepdf.open(source) as pdf:
        for page in pdf.pages:
            if Name.Trans in page:
                del page.Trans  # no slide show
        info = pdf.docinfo
        info[Name.CreationDate] = info[Name.ModDate] = String(moment.strftime("D:%Y%m%d%H%M%S+00'00'"))
        info[Name.Producer] = String(report.product)
        for key in (Name.Keywords, Name.Trapped):
            if key in info:
                del info[key]
        profile = pdf.make_stream(asset(PROFILE).read_bytes(), N=3, Alternate=Name.DeviceRGB)
        intent = Dictionary(
            Type=Name.OutputIntent,
            S=Name.GTS_PDFA1,
            OutputConditionIdentifier=String(PROFILE_NAME),
            RegistryName=String("http://www.color.org"),
            Info=String(PROFILE_NAME),
            DestOutputProfile=profile,
        )
        pdf.Root.OutputIntents = Array([pdf.make_indirect(intent)])
        hang_tree(pdf, tags)
        pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
        with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as meta:
            iso = moment.strftime("%Y-%m-%dT%H:%M:%S+00:00")
            meta["dc:title"] = str(info[Name.Title])
            meta["dc:creator"] = [report.product]
            meta["dc:description"] = report.footer[0]
            meta["dc:language"] = {report.language}
            meta["xmp:CreateDate"] = meta["xmp:ModifyDate"] = meta["xmp:MetadataDate"] = iso
            meta["xmp:CreatorTool"] = report.product
            meta["pdf:Producer"] = report.product
            meta["pdfaid:part"] = "2"
            meta["pdfaid:conformance"] = "B"
        pdf.save(target, min_version="1.7", deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
