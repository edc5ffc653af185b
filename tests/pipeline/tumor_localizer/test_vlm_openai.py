from __future__ import annotations

import io
import json
import ssl
import threading
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from scipy import ndimage

from tests.pipeline.tumor_localizer.fake_server import FakeServer, pixels_of, png_of
from vb_desktop.pipeline.case import Box, ProcessedScan
from vb_desktop.pipeline.config import Config, VlmConfig
from vb_desktop.pipeline.errors import LocalizationFailed
from vb_desktop.pipeline.tumor_localizer.slicing import brain_slices
from vb_desktop.pipeline.tumor_localizer.tumor_localizer import TumorLocalizer
from vb_desktop.pipeline.tumor_localizer.vlm_openai import OpenAIServer, check_server


@pytest.fixture
def server() -> Iterator[FakeServer]:
    fake = FakeServer()
    fake.answer = bright_spot
    yield fake
    fake.close()


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No answer is remembered from one test to the next; no key of the user's is used."""
    monkeypatch.setattr("vb_desktop.pipeline.tumor_localizer.answer_cache.cache_folder", lambda: tmp_path / "cache")
    monkeypatch.delenv("VB_VLM_API_KEY", raising=False)


def bright_spot(pixels: np.ndarray) -> str:
    """A model that marks what is white in a block."""
    rows, columns = np.nonzero(ndimage.binary_opening(pixels > 240, iterations=4))
    if len(rows) < 50:
        return '{"finding": "nothing", "likelihood": 0.1, "boxes": []}'
    scale = 1000 / len(pixels)
    box = [columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]
    boxes = [{"bbox_2d": [round(float(edge) * scale) for edge in box], "label": "tumour"}]
    return "```json\n" + json.dumps({"finding": "bright spot", "likelihood": 0.9, "boxes": boxes}) + "\n```"


def settings(server: FakeServer | None = None, **changes: object) -> VlmConfig:
    url = server.url if server else ""
    quick = {"url": url, "image_tokens": 36, "slice_timeout_s": 5.0, "retries": 0, "min_brain_mm2": 100.0}
    return VlmConfig(**{**quick, **changes})  # type: ignore[arg-type]


def ask(config: VlmConfig, scan: ProcessedScan) -> dict[int, list[Box]]:
    slices = brain_slices(scan, config.min_brain_mm2)
    return dict(OpenAIServer(config).boxes(scan, slices, "Mark the tumours."))


def test_boxes_are_right_and_left_is_left(server: FakeServer, blob_scan: ProcessedScan) -> None:
    found = ask(settings(server), blob_scan)
    (box,) = found[24]
    assert (box.source, box.confidence, box.text) == ("openai", 0.9, "bright spot")
    assert abs(box.i0 - 27) <= 1 and abs(box.i1 - 40) <= 1  # the ball lies at x = +10 mm, in the patient's right half
    assert abs(box.j0 - 18) <= 1 and abs(box.j1 - 31) <= 1
    answers = [
        json.loads(bright_spot(pixels_of(body))[8:-4])
        for body in server.requests
        if "```" in bright_spot(pixels_of(body))
    ]
    assert all(answer["boxes"][0]["bbox_2d"][2] < 500 for answer in answers)  # the patient's right is to the left


def test_coarse_stride_first_then_all_around_the_hits(server: FakeServer, blob_scan: ProcessedScan) -> None:
    found = ask(settings(server, stride_mm=4.0, parallel=1), blob_scan)
    order = list(found)
    first = order[: len(brain_slices(blob_scan, 100.0)) // 4]
    assert {b - a for a, b in pairwise(first)} == {4}
    assert {k for k, boxes in found.items() if boxes} >= set(range(19, 30))
    assert len(found) < len(brain_slices(blob_scan, 100.0))


def test_whole_localisation_says_how_many_slices_were_asked(server: FakeServer, blob_scan: ProcessedScan) -> None:
    config = Config.load(None, {f"vlm.{k}": v for k, v in settings(server)} | OPENAI)
    located = TumorLocalizer(config)(blob_scan)
    assert located.refined_prior is not None
    assert located.slices_looked_at == len(server.requests) < len(brain_slices(blob_scan, 100.0))
    assert "tumor_localizer.vlm_stride" in {remark.id for remark in located.remarks}


OPENAI = {"vlm.backend": "openai"}


def test_only_pixels_are_sent(server: FakeServer, blob_scan: ProcessedScan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-not-for-this-server")
    ask(settings(server), blob_scan)
    for body in server.requests:
        assert set(body) <= {"model", "messages", "max_tokens", "temperature", "response_format", "stream"}
        with Image.open(io.BytesIO(png_of(body))) as picture:
            assert not picture.info and picture.size == (192, 192)
    assert "sk-not-for-this-server" not in str(server.headers)


def test_at_most_so_many_requests_at_once(server: FakeServer, blob_scan: ProcessedScan) -> None:
    server.delay = 0.05
    ask(settings(server, parallel=3), blob_scan)
    assert server.most_at_once == 3


def test_an_interrupted_run_goes_on_where_it_was(server: FakeServer, blob_scan: ProcessedScan) -> None:
    config = settings(server, parallel=1)
    running = OpenAIServer(config).boxes(blob_scan, brain_slices(blob_scan, 100.0), "Mark the tumours.")
    had = [next(running) for _ in range(4)]
    running.close()  # as a cancel does
    time.sleep(0.1)
    asked = len(server.requests)
    found = ask(config, blob_scan)
    assert len(had) == 4 and len(server.requests) - asked <= len(found) - 4
    before = len(server.requests)
    assert ask(config, blob_scan) == found and len(server.requests) == before  # nothing is asked twice


def test_another_prompt_is_asked_anew(server: FakeServer, blob_scan: ProcessedScan) -> None:
    ask(settings(server), blob_scan)
    before = len(server.requests)
    slices = brain_slices(blob_scan, 100.0)
    list(OpenAIServer(settings(server)).boxes(blob_scan, slices, "Mark the metastases."))
    assert len(server.requests) == 2 * before


@pytest.mark.parametrize(
    ("trouble", "words"),
    [
        ("500", "reported an error (500): CUDA out of memory"),
        ("garbage", "not the JSON that was asked for"),
        ("broken events", "is not what an OpenAI-compatible server answers"),
        ("cut", "broke off"),
        ("repeat", "repeated itself without end"),
        ("hang", "no answer within 0.5 s"),
        ("drip", "no answer within 0.5 s"),
        ("429", "reported an error (429): slow down"),
        ("401", "does not accept the key (401)"),
        ("no vision", "takes no pictures, or not these: image input is not supported"),
        ("other model", "has no model qwen-small; it has: qwen-small"),
    ],
)
def test_trouble_ends_in_one_sentence_and_the_run_can_go_on(
    server: FakeServer, blob_scan: ProcessedScan, trouble: str, words: str
) -> None:
    config = settings(server, model="qwen-small", parallel=1, slice_timeout_s=0.5)
    server.trouble = lambda number: trouble if number > 4 else ""
    started = time.monotonic()
    with pytest.raises(LocalizationFailed) as caught:
        ask(config, blob_scan)
    assert words in caught.value.sentence() and "\n" not in caught.value.sentence()
    assert caught.value.advice()
    assert time.monotonic() - started < 15
    for thread in threading.enumerate():
        if thread.name == "vlm-request":
            thread.join(10)
    server.trouble = ""
    before = len(server.requests)
    found = ask(config.model_copy(update={"slice_timeout_s": 5.0}), blob_scan)
    assert found[24] and len(server.requests) - before == len(found) - 4  # what came before the trouble is kept


def test_one_bad_slice_is_passed_over_and_said(server: FakeServer, blob_scan: ProcessedScan) -> None:
    server.trouble = lambda number: "garbage" if number == 2 else ""
    backend = OpenAIServer(settings(server, parallel=1))
    found = dict(backend.boxes(blob_scan, brain_slices(blob_scan, 100.0), "Mark the tumours."))
    assert found[24]
    assert "tumor_localizer.vlm_unanswered" in {remark.id for remark in backend.remarks}


def test_trouble_that_passes_is_waited_out(server: FakeServer, blob_scan: ProcessedScan) -> None:
    server.trouble = lambda number: "500" if number in (1, 2) else "429" if number == 5 else ""
    backend = OpenAIServer(settings(server, retries=3, parallel=2))
    found = dict(backend.boxes(blob_scan, brain_slices(blob_scan, 100.0), "Mark the tumours."))
    assert found[24]
    assert "tumor_localizer.vlm_unanswered" not in {remark.id for remark in backend.remarks}


def test_a_server_without_schemas_is_asked_without(server: FakeServer, blob_scan: ProcessedScan) -> None:
    server.trouble = "no schema"
    assert ask(settings(server, parallel=1), blob_scan)[24]
    assert sum("response_format" in body for body in server.requests) == 1


def test_the_check_says_what_is_wrong(server: FakeServer) -> None:
    assert check_server(settings(server)).id == "tumor_localizer.server_ok"
    server.models = ["a", "b"]
    with pytest.raises(LocalizationFailed, match=r"several models \(a, b\)"):
        check_server(settings(server))
    for trouble, words in (
        ("401", r"does not accept the key \(401\)"),
        ("404", "no OpenAI-compatible server"),
        ("not openai", "not what an OpenAI-compatible server answers"),
    ):
        server.trouble = trouble
        with pytest.raises(LocalizationFailed, match=words) as caught:
            check_server(settings(server))
        assert "sk-secret" not in caught.value.sentence()


def test_the_check_when_nothing_is_there(server: FakeServer) -> None:
    url = server.url
    server.close()
    with pytest.raises(LocalizationFailed, match="the connection was refused"):
        check_server(settings(url=url))
    with pytest.raises(LocalizationFailed, match=r"No machine of the name nowhere\.invalid is known"):
        check_server(settings(url="http://nowhere.invalid/v1", allow_remote=True))


def test_a_certificate_that_is_not_accepted(server: FakeServer) -> None:
    port = server.url.split(":")[2].split("/")[0]
    with pytest.raises(LocalizationFailed) as caught:
        check_server(settings(url=f"https://127.0.0.1:{port}/v1"))
    assert caught.value.message.id in ("tumor_localizer.server_tls", "tumor_localizer.server_cut")
    assert ssl.OPENSSL_VERSION  # what the sentence's cause comes from


@pytest.mark.parametrize("url", ["http://10.0.0.5:8000/v1", "http://example.org/v1", "http://localhost.evil.org/v1"])
def test_another_machine_needs_consent(url: str) -> None:
    with pytest.raises(LocalizationFailed, match="no slice leaves it without consent") as caught:
        OpenAIServer(settings(url=url))
    assert "--allow-remote" in caught.value.advice()
    assert OpenAIServer(settings(url=url, allow_remote=True)).sends_to


@pytest.mark.parametrize("url", ["http://127.0.0.1:8000/v1", "http://localhost/v1", "http://[::1]:9/v1"])
def test_this_machine_needs_none(url: str) -> None:
    assert OpenAIServer(settings(url=url)).sends_to is None


@pytest.mark.parametrize("url", ["", "ftp://127.0.0.1/v1", "127.0.0.1:8000", "http://[::1", "http://"])
def test_no_address(url: str) -> None:
    with pytest.raises(LocalizationFailed):
        OpenAIServer(settings(url=url))


def test_proxies_of_the_environment_are_not_used_for_this_machine(
    server: FakeServer, blob_scan: ProcessedScan, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")  # nothing listens there
    assert ask(settings(server), blob_scan)[24]


def test_doctor_tries_the_server(server: FakeServer) -> None:
    from vb_desktop.cli.doctor import _server

    finding = _server({"vlm.url": server.url})
    assert finding.ok and "qwen-small takes pictures" in finding.seen
    server.trouble = "no vision"
    finding = _server({"vlm.url": server.url})
    assert not finding.ok and "takes no pictures" in finding.seen and finding.advice
