"""Cohorts: reading, checking, preparing and drawing them."""
