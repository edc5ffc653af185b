"""`transformers serve` with the processor that needs no torchvision: python serve_without_torchvision.py serve ..."""


def main() -> None:
    import transformers.models.qwen3_vl as family
    from transformers.cli.transformers import main as transformers_cli

    from vb_desktop.pipeline.tumor_localizer.qwen_processing import StillQwen3VLProcessor

    family.Qwen3VLProcessor = StillQwen3VLProcessor  # where the server's AutoProcessor looks it up
    transformers_cli()


if __name__ == "__main__":
    main()
