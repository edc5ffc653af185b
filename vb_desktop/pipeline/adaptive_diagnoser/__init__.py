"""Adaptive-Diagnoser: backbone, Masked Channel Attention, fusion and Grad-CAM (paper, Eq. 6-9)."""
