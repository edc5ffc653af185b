"""PDF/A-2b as far as it can be checked here: what ISO 19005-2 asks of the file, clause by clause."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from fontTools.ttLib import TTFont
from PIL import ImageCms
from report_cases import write_case

from vb_desktop.pipeline.case import Identity
from vb_desktop.pipeline.case_folder import Case
from vb_desktop.pipeline.report.write_report import write_report

NAMES = {"en": "Müller^Jörg", "zh": "张三丰^Zhang 김철수 さくら Иванов שלום محمد"}


@pytest.fixture(scope="module", params=["en", "zh"])
def pdf(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[pikepdf.Pdf]:
    case = write_case(
        tmp_path_factory.mktemp("archive") / "case", identity=Identity(name=NAMES[request.param], patient_id="7")
    )
    with pikepdf.open(write_report(case, language=request.param)) as opened:
        yield opened


def pictures(page: pikepdf.Page) -> list[pikepdf.Object]:
    found = page.Resources.get("/XObject", pikepdf.Dictionary())
    return [thing for thing in found.values() if thing.Subtype == "/Image"]


def fonts(pdf: pikepdf.Pdf) -> list[pikepdf.Object]:
    found = {}
    for page in pdf.pages:
        for font in page.Resources.Font.values():
            found[font.objgen] = font
    return list(found.values())


def test_qpdf_finds_nothing_to_complain_about(pdf: pikepdf.Pdf) -> None:
    assert pdf.check_pdf_syntax() == []


def test_the_file_says_that_it_is_pdf_a_2b_and_agrees_with_its_info(pdf: pikepdf.Pdf) -> None:
    with pdf.open_metadata() as meta:
        assert (meta["pdfaid:part"], meta["pdfaid:conformance"]) == ("2", "B")
        assert meta["dc:title"] == str(pdf.docinfo.Title)
        assert meta["dc:creator"] == [str(pdf.docinfo.Author)]
        assert meta["dc:description"] == str(pdf.docinfo.Subject)
        assert meta["pdf:Producer"] == str(pdf.docinfo.Producer)
        assert meta["xmp:CreatorTool"] == str(pdf.docinfo.Creator)
        assert meta["xmp:CreateDate"] == "2026-11-24T09:30:00+00:00"
        assert str(pdf.docinfo.CreationDate) == "D:20261124093000+00'00'"
    assert pdf.Root.Metadata.get("/Filter") is None  # 6.6.2.1: read without a PDF library
    assert set(pdf.docinfo) <= {
        "/Title", "/Author", "/Subject", "/Producer", "/Creator", "/CreationDate", "/ModDate",
    }  # fmt: skip
    assert str(pdf.Root.Lang) in ("en", "zh")


def test_the_output_intent_is_srgb(pdf: pikepdf.Pdf) -> None:
    (intent,) = pdf.Root.OutputIntents
    assert intent.S == "/GTS_PDFA1"
    profile = ImageCms.ImageCmsProfile(BytesIO(intent.DestOutputProfile.read_bytes()))
    assert "sRGB" in ImageCms.getProfileDescription(profile)
    assert "No copyright, use freely" in ImageCms.getProfileCopyright(profile)
    assert intent.DestOutputProfile.N == 3


def test_every_font_is_embedded_and_has_every_glyph_that_is_shown(pdf: pikepdf.Pdf) -> None:
    assert fonts(pdf)
    for font in fonts(pdf):
        assert font.Subtype == "/TrueType"
        assert font.FontDescriptor.Flags & 4  # symbolic, so no encoding may be named (6.2.11.6)
        assert "/Encoding" not in font
        assert "/ToUnicode" in font
        face = TTFont(BytesIO(font.FontDescriptor.FontFile2.read_bytes()))
        assert len(face["cmap"].tables) == 1 or any(t.platformID == 3 and t.platEncID == 0 for t in face["cmap"].tables)
        glyphs = face.getGlyphOrder()
        table = face["cmap"].tables[0].cmap
        assert all(name in glyphs for name in table.values())


def test_nothing_is_in_it_that_pdf_a_forbids(pdf: pikepdf.Pdf) -> None:
    assert not pdf.is_encrypted
    for key in ("/AA", "/OpenAction", "/AcroForm", "/JavaScript", "/Requirements"):
        assert key not in pdf.Root
    for page in pdf.pages:
        assert "/Annots" not in page and "/AA" not in page and "/Trans" not in page
        for image in pictures(page):
            assert "/Interpolate" not in image or not image.Interpolate
            assert "/SMask" not in image
    for found in pdf.objects:
        if isinstance(found, pikepdf.Stream):
            assert "/F" not in found
            filters = found.get("/Filter")
            assert "/LZWDecode" not in ([] if filters is None else [str(f) for f in pikepdf.Array([filters])])


PAINTS = frozenset("Tj TJ ' \" f F f* B B* b b* S s Do sh".split())
"""Operators that leave ink."""


def test_all_ink_is_tagged_or_decoration_and_every_picture_has_words(pdf: pikepdf.Pdf) -> None:
    assert pdf.Root.MarkInfo.Marked
    pieces = list(pdf.Root.StructTreeRoot.K.K)
    roles = [str(piece.S) for piece in pieces]
    assert roles[0] == "/H1" and roles.count("/H2") == len(pdf.open_outline().root) - 1
    told = [str(piece.Alt) for piece in pieces if piece.S == "/Figure"]
    assert len(told) >= sum(len(pictures(page)) for page in pdf.pages) and all(told)
    parents = pdf.Root.StructTreeRoot.ParentTree.Nums
    for number, page in enumerate(pdf.pages):
        assert page.obj.StructParents == parents[2 * number] == number
        of_page = list(parents[2 * number + 1])
        assert [int(piece.K) for piece in of_page] == list(range(len(of_page)))
        depth, marks = 0, 0
        for operands, operator in pikepdf.parse_content_stream(page):
            name = str(operator)
            if name in ("BDC", "BMC"):
                depth += 1
                assert depth == 1
                if name == "BDC":
                    assert operands[1].MCID == marks and of_page[marks].S == operands[0]
                    marks += 1
            elif name == "EMC":
                depth -= 1
            assert depth or name not in PAINTS, name
        assert depth == 0 and marks == len(of_page)


def test_names_of_every_script_are_there_to_read(make_case: Callable[..., Case], tmp_path: Path) -> None:
    from pypdf import PdfReader

    case = make_case(identity=Identity(name="김철수 张三丰 さくら Иванов", patient_id="7"))
    text = "".join(PdfReader(write_report(case, tmp_path / "r.pdf")).pages[0].extract_text().split())
    for part in ("김철수", "张三丰", "さくら", "Иванов"):
        assert part in text


def test_a_logo_and_the_institution_stand_on_the_first_page(make_case: Callable[..., Case], tmp_path: Path) -> None:
    from PIL import Image

    logo = tmp_path / "logo.png"
    Image.new("RGBA", (300, 80), (20, 60, 120, 90)).save(logo)
    config = make_case().record.config
    config = config | {"report": config["report"] | {"institution": "City & <b>Hospital</b>", "logo": str(logo)}}
    path = write_report(make_case(name="logo", config=config))
    with pikepdf.open(path) as pdf:
        sizes = [(int(image.Width), int(image.Height)) for image in pictures(pdf.pages[0])]
        assert (300, 80) in sizes
        assert all("/SMask" not in image for image in pictures(pdf.pages[0]))
    from pypdf import PdfReader

    assert "City & <b>Hospital</b>" in PdfReader(path).pages[0].extract_text()


def test_a_logo_that_is_no_picture_does_not_stop_the_report(make_case: Callable[..., Case], tmp_path: Path) -> None:
    (tmp_path / "logo.png").write_text("not a picture")
    config = make_case().record.config
    config = config | {"report": config["report"] | {"logo": str(tmp_path / "logo.png")}}
    assert write_report(make_case(name="logo", config=config)).is_file()
