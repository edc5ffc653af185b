"""Names of the files of a synthetic cohort."""

MARKER = "synthetic.json"
"""A cohort with this file at its root is synthetic, and every model trained on it says so."""
TABLE = "cohort.csv"
