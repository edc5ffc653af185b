"""What stands on every page: product, patient and case at the head; research use, page number and time at the foot."""

from __future__ import annotations

from typing import Any

from reportlab.lib.colors import HexColor

from vb_desktop.pipeline.report.content import Report
from vb_desktop.pipeline.report.fonts import BOLD
from vb_desktop.pipeline.report.markup import draw_line, shortened, width_of
from vb_desktop.pipeline.report.style import INK, MARGIN, QUIET, RULE, SMALL

TOP = 50.0
BOTTOM = 58.0


def draw_frame(canvas: Any, report: Report, size: tuple[float, float], page: int, pages: int) -> None:
    """Head and foot of one page."""
    width, height = size
    left, right = MARGIN, width - MARGIN
    canvas.saveState()
    canvas.setStrokeColor(HexColor(RULE))
    canvas.setLineWidth(0.5)
    canvas.line(left, height - TOP + 10, right, height - TOP + 10)
    canvas.line(left, BOTTOM - 10, right, BOTTOM - 10)
    canvas.setFillColor(HexColor(QUIET))
    head = height - TOP + 16
    case = shortened(report.case_line, (right - left) * 0.3, SMALL)
    draw_line(canvas, right, head, case, SMALL, align="right")
    draw_line(canvas, left, head, report.product, SMALL, bold=True)
    canvas.setFillColor(HexColor(INK))
    x = left + width_of(report.product, SMALL, BOLD) + 14
    for text in _patient(report, right - width_of(case, SMALL) - 14 - x):
        draw_line(canvas, x, head, text, SMALL)
        x += width_of(text, SMALL) + 9
    canvas.setFillColor(HexColor(INK))
    for row, line in enumerate(report.footer):
        draw_line(canvas, left, BOTTOM - 21 - 9.6 * row, line, SMALL, bold=row == 0)
    canvas.setFillColor(HexColor(QUIET))
    number = report.page_line.format(page=page, pages=pages)
    draw_line(canvas, right, BOTTOM - 21, number, SMALL, align="right")
    draw_line(canvas, right, BOTTOM - 30.6, report.time_line, SMALL, align="right")
    canvas.restoreState()


def _patient(report: Report, room: float) -> tuple[str, str, str]:
    """Name, ID and birth date in `room` points: a long name gives way to the ID, never the other way round."""
    name, number, born = report.header
    born = shortened(born, room * 0.3, SMALL)
    number = shortened(number, room * 0.4, SMALL)
    left = room - width_of(born, SMALL) - width_of(number, SMALL) - 18
    return shortened(name, left, SMALL), number, born
