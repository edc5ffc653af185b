"""Measure stages of the pipeline on cases with an expert's segmentation."""
