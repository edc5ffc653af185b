"""Panels show and ask: no file, model or pipeline logic in them."""
