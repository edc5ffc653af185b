"""A real HTTP server in a thread that speaks enough of OpenAI's protocol, and every kind of trouble, on demand."""

from __future__ import annotations

import base64
import io
import json
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import numpy as np
from PIL import Image

Answer = Callable[[np.ndarray], str]
NO_TUMOUR = '{"finding": "nothing", "likelihood": 0.1, "boxes": []}'


class FakeServer:
    """Answers chat requests; `trouble` says how it misbehaves.

    Attributes:
        requests: bodies of the chat requests, in order.
        headers: of these requests.
        most_at_once: the largest number of requests in work at the same time.
    """

    def __init__(self) -> None:
        self.answer: Answer = lambda pixels: NO_TUMOUR
        self.trouble: str | Callable[[int], str] = ""
        self.models = ["qwen-small"]
        self.delay = 0.0
        self.requests: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.most_at_once = self._now = 0
        self._lock = threading.Lock()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_: Any) -> None:
                pass

            def do_GET(self) -> None:
                outer._get(self)

            def do_POST(self) -> None:
                outer._post(self)

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _get(self, handler: BaseHTTPRequestHandler) -> None:
        if self.trouble == "401":
            return _json(handler, 401, {"error": {"message": "Incorrect API key provided: sk-secret"}})
        if self.trouble == "not openai":
            return _raw(handler, 200, b"<html>Welcome to nginx</html>", "text/html")
        if self.trouble == "404":
            return _json(handler, 404, {"detail": "Not Found"})
        _json(handler, 200, {"object": "list", "data": [{"id": name, "object": "model"} for name in self.models]})

    def _post(self, handler: BaseHTTPRequestHandler) -> None:
        body = json.loads(handler.rfile.read(int(handler.headers["Content-Length"])))
        with self._lock:
            self.requests.append(body)
            self.headers.append(dict(handler.headers))
            number = len(self.requests)
            self._now += 1
            self.most_at_once = max(self.most_at_once, self._now)
        try:
            trouble = self.trouble if isinstance(self.trouble, str) else self.trouble(number)
            time.sleep(self.delay)
            self._reply(handler, body, trouble)
        finally:
            with self._lock:
                self._now -= 1

    def _reply(self, handler: BaseHTTPRequestHandler, body: dict[str, Any], trouble: str) -> None:
        if trouble == "hang":
            time.sleep(20)
        elif trouble == "500":
            _json(handler, 500, {"error": {"message": "CUDA out of memory"}})
        elif trouble == "429":
            _json(handler, 429, {"error": {"message": "slow down"}}, {"Retry-After": "0"})
        elif trouble == "401":
            _json(handler, 401, {"error": {"message": "no"}})
        elif trouble == "no schema" and "response_format" in body:
            _json(handler, 400, {"error": {"message": "response_format is not supported"}})
        elif trouble == "no vision":
            _json(handler, 400, {"error": {"message": "image input is not supported"}})
        elif trouble == "other model":
            _json(handler, 404, {"error": {"message": f"The model {body['model']} does not exist"}})
        elif trouble == "not openai":
            _raw(handler, 200, b"<html>Welcome</html>", "text/html")
        elif trouble == "garbage":
            _stream(handler, ["The weather is fine, ", "and the sky is blue."])
        elif trouble == "broken events":
            _raw(handler, 200, b'data: {"choices": [{"del\n\ndata: nonsense\n\n', "text/event-stream")
        elif trouble == "cut":
            _stream(handler, ['{"finding": "a'], cut=True)
        elif trouble == "repeat":
            _stream(handler, ["bright spot, "] * 100_000)
        elif trouble == "drip":
            _stream(handler, ["a", "b"] * 200, pause=0.1)
        else:
            _stream(handler, list(_pieces(self.answer(pixels_of(body)))))


def pixels_of(body: dict[str, Any]) -> np.ndarray:
    """The picture of a request."""
    return np.asarray(Image.open(io.BytesIO(png_of(body))).convert("L"))


def png_of(body: dict[str, Any]) -> bytes:
    """The file that was sent."""
    (part,) = (part for part in body["messages"][0]["content"] if part["type"] == "image_url")
    return base64.b64decode(part["image_url"]["url"].split(",", 1)[1])


def _pieces(text: str) -> list[str]:
    return [text[at : at + 7] for at in range(0, len(text), 7)]


def _json(handler: BaseHTTPRequestHandler, status: int, value: Any, headers: dict[str, str] | None = None) -> None:
    _raw(handler, status, json.dumps(value).encode(), "application/json", headers)


def _raw(
    handler: BaseHTTPRequestHandler, status: int, body: bytes, kind: str, headers: dict[str, str] | None = None
) -> None:
    handler.send_response(status)
    for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **(headers or {})}.items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(body)


def _stream(handler: BaseHTTPRequestHandler, pieces: list[str], *, cut: bool = False, pause: float = 0.0) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", "text/event-stream")
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()
    try:
        for piece in pieces:
            chunk = {"id": "x", "object": "chat.completion.chunk", "created": 0, "model": "m"}
            chunk["choices"] = [{"index": 0, "delta": {"content": piece}, "finish_reason": None}]
            _chunk(handler, f"data: {json.dumps(chunk)}\n\n".encode())
            time.sleep(pause)
        if not cut:
            _chunk(handler, b"data: [DONE]\n\n")
            handler.wfile.write(b"0\r\n\r\n")
    except OSError:  # the client had enough
        pass
    handler.close_connection = True


def _chunk(handler: BaseHTTPRequestHandler, data: bytes) -> None:
    handler.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
    handler.wfile.flush()
