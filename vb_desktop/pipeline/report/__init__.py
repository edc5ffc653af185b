"""The report: what it says (`report.py`) and how it looks (`pdf.py`)."""
