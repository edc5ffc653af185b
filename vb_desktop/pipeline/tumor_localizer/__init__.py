"""Tumor-Localizer: boxes slice by slice, coarse prior, refined prior (Eq. 2-5)."""
