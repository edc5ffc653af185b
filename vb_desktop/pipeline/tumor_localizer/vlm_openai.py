"""Eq. 3 through a server: vLLM, llama.cpp, Ollama, `transformers serve` or any other that speaks OpenAI's protocol."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import PurePath

from vb_desktop.pipeline.case import Box, ProcessedScan
from vb_desktop.pipeline.config import VlmConfig
from vb_desktop.pipeline.errors import VlmFailed
from vb_desktop.pipeline.messages import Message
from vb_desktop.pipeline.tumor_localizer.ask_slices import LEAST_IMAGE_TOKENS, Question, SliceReader, Unanswered
from vb_desktop.pipeline.tumor_localizer.chat_server import ChatServer, SliceFailed
from vb_desktop.pipeline.tumor_localizer.server_address import ServerAddress

_FACTOR = 32  # pixels along the square that becomes one image token of Qwen3-VL
_FIRST_WAIT_S, _LONGEST_WAIT_S = 0.5, 30.0

_Said = tuple[int, str | Unanswered | VlmFailed]


class OpenAIServer:
    """Any OpenAI-compatible server with vision.

    Attributes:
        sends_to: host and port of another machine that slices are sent to; None where they stay on this one.
    """

    source = "openai"

    def __init__(self, config: VlmConfig) -> None:
        self.config = config
        address = ServerAddress.of(config.url)
        address.require_consent(config.allow_remote)
        self.sends_to = None if address.loopback else address.host
        self.name = f"{PurePath(config.model).name or 'VLM'} at {address.host}"
        self.remarks: tuple[Message, ...] = ()

    def boxes(self, processed: ProcessedScan, slices: Sequence[int], prompt: str) -> Iterator[tuple[int, list[Box]]]:
        """Ask about the slices, several at once; a coarse stride first, then around the hits.

        Yields:
            (k, boxes) of each slice that was asked, as the answers come.

        Raises:
            VlmFailed: the server can't be reached, refuses, or does not answer.
        """
        server = ChatServer(self.config)
        stop = threading.Event()
        try:
            model = server.model()
            edge = _FACTOR
            while (edge // _FACTOR) ** 2 < (self.config.image_tokens or LEAST_IMAGE_TOKENS):
                edge += _FACTOR
            key = f"{server.address.url} {model} {edge}"
            reader = SliceReader(self.config, name=self.name, source=self.source, side=edge, model=key)

            def ask(questions: Sequence[Question]) -> Iterator[tuple[int, str | Unanswered]]:
                return _in_parallel(server, model, questions, prompt, self.config, stop)

            yield from reader.boxes(processed, slices, prompt, ask)
            self.remarks = reader.remarks
        finally:  # also when the run is cancelled: what is being asked is dropped
            stop.set()
            server.close()


def _in_parallel(
    server: ChatServer,
    model: str,
    questions: Sequence[Question],
    prompt: str,
    config: VlmConfig,
    stop: threading.Event,
) -> Iterator[tuple[int, str | Unanswered]]:
    """Ask with at most `config.parallel` requests at once, and give the answers as they come."""
    waiting: queue.SimpleQueue[Question | None] = queue.SimpleQueue()
    answers: queue.SimpleQueue[_Said] = queue.SimpleQueue()
    for question in questions:
        waiting.put(question)
    workers = min(config.parallel, len(questions))

    def work() -> None:
        while not stop.is_set() and (question := waiting.get()) is not None:
            answers.put((question.k, _with_patience(server, model, question, prompt, config, stop)))

    for _ in range(workers):
        waiting.put(None)
        # daemons, so that a server that hangs never keeps the program from ending
        threading.Thread(target=work, name="vlm-request", daemon=True).start()
    for _ in questions:
        k, said = answers.get()
        if isinstance(said, VlmFailed):
            stop.set()
            raise said
        yield k, said


def _with_patience(
    server: ChatServer, model: str, question: Question, prompt: str, config: VlmConfig, stop: threading.Event
) -> str | Unanswered | VlmFailed:
    """Ask again after a while, longer each time, where that may help."""
    wait = _FIRST_WAIT_S
    for attempt in range(config.retries + 1):
        try:
            return server.ask(model, question.pixels, prompt, stop)
        except SliceFailed as failed:
            if not failed.again or attempt == config.retries or stop.wait(max(wait, failed.wait_s)):
                return Unanswered(failed.why)
            wait = min(2 * wait, _LONGEST_WAIT_S)
        except VlmFailed as error:
            return error
    raise AssertionError("the last attempt always returns")


def check_server(config: VlmConfig) -> Message:
    """Try a server with one small picture.

    Returns:
        A sentence that it works.

    Raises:
        VlmFailed: it does not, with what is wrong and what to do.
    """
    import numpy as np

    server = ChatServer(config)
    try:
        model = server.model()
        grey = np.zeros((224, 224), dtype=np.uint8)
        grey[60:160, 60:160] = 128
        started = time.monotonic()
        try:
            server.ask(model, grey, "What do you see? Answer with one word.", threading.Event())
        except SliceFailed as failed:
            raise VlmFailed(failed.why.id, **failed.why.params) from failed
        seconds = time.monotonic() - started
        return Message("tumor_localizer.server_ok", {"host": server.address.host, "model": model, "seconds": seconds})
    finally:
        server.close()
