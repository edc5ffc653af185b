"""A small vision-language model of Qwen3-VL's architecture, trained by the project: boxes on axial slices as JSON."""
