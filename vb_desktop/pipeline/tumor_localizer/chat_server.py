"""One OpenAI-compatible server: what it has, one question at a time, and what went wrong in one sentence."""

from __future__ import annotations

import base64
import os
import ssl
import threading
import time
from collections.abc import Iterator
from typing import Any

import openai

from vb_desktop.pipeline.case import Array
from vb_desktop.pipeline.config import VlmConfig
from vb_desktop.pipeline.errors import VlmFailed
from vb_desktop.pipeline.messages import Message
from vb_desktop.pipeline.tumor_localizer.answer import ANSWER_SCHEMA
from vb_desktop.pipeline.tumor_localizer.repetition import repeats
from vb_desktop.pipeline.tumor_localizer.server_address import ServerAddress
from vb_desktop.pipeline.tumor_localizer.slice_picture import png

KEY_VARIABLE = "VB_VLM_API_KEY"
_CONNECT_S, _LIST_S = 10.0, 30.0
_LONGEST_ANSWER = 40_000  # characters, for servers that know no token cap
_CHECK_EVERY = 200  # characters between two looks for repetition


class SliceFailed(Exception):
    """One question got no answer; another attempt may do better.

    Args:
        why: the sentence.
        again: whether to try again.
        wait_s: how long the server asks to wait.
    """

    def __init__(self, why: Message, *, again: bool = True, wait_s: float = 0.0) -> None:
        super().__init__(why.id)
        self.why, self.again, self.wait_s = why, again, wait_s


class ChatServer:
    """A connection to a server.

    Args:
        config: address, model, limits.

    Raises:
        LocalizationFailed: no address, or another machine without consent.
    """

    def __init__(self, config: VlmConfig) -> None:
        self.config = config
        self.address = ServerAddress.of(config.url)
        self.address.require_consent(config.allow_remote)
        self._schema = True
        # A proxy or a redirect would carry slices from this machine elsewhere without consent.
        transport = openai.DefaultHttpxClient(trust_env=not self.address.loopback, follow_redirects=False)
        self.client = openai.OpenAI(
            base_url=self.address.url,
            api_key=os.environ.get(KEY_VARIABLE) or "none",
            organization="",
            project="",
            max_retries=0,
            timeout=openai.Timeout(config.slice_timeout_s, connect=min(_CONNECT_S, config.slice_timeout_s)),
            http_client=transport,
        )

    def close(self) -> None:
        """End the connections, those in use too."""
        self.client.close()

    def model(self) -> str:
        """The model to ask: the one of the settings, else the only one that the server has.

        Raises:
            VlmFailed: the server can't be reached, or it has several models.
        """
        if self.config.model:
            return self.config.model
        known = self.models()
        if len(known) != 1:
            listed = ", ".join(known[:8]) or "none"
            raise VlmFailed("tumor_localizer.server_which_model", host=self.address.host, known=listed)
        return known[0]

    def models(self) -> list[str]:
        """What the server says it has.

        Raises:
            VlmFailed: it can't be reached, or refuses.
        """
        try:
            listed = self.client.models.list(timeout=min(_LIST_S, self.config.slice_timeout_s))
            return [str(model.id) for model in listed.data or []]
        except openai.NotFoundError as error:
            raise VlmFailed(
                "tumor_localizer.server_not_there", url=self.address.url, status=error.status_code
            ) from error
        except openai.OpenAIError as error:
            id_, values = self._id_and_values(error)
            raise VlmFailed(id_, **values) from error
        except (AttributeError, TypeError, ValueError) as error:  # JSON, but not the one that was asked for
            raise VlmFailed("tumor_localizer.server_garbage", host=self.address.host) from error

    def ask(self, model: str, pixels: Array, prompt: str, stop: threading.Event) -> str:
        """One slice, one answer.

        Args:
            model: of the server.
            pixels: uint8 (S, S); sent as PNG without metadata.
            prompt: of the expert.
            stop: set from outside to end in the middle of an answer.

        Raises:
            SliceFailed: no answer; with the reason, and whether to try again.
            VlmFailed: what no further attempt can mend.
        """
        url = "data:image/png;base64," + base64.b64encode(png(pixels)).decode()
        content = [{"type": "image_url", "image_url": {"url": url}}, {"type": "text", "text": prompt.strip()}]
        options: dict[str, Any] = {
            "model": model,
            "messages": [{"role": "user", "content": content}],
            "max_tokens": self.config.max_tokens,
            "temperature": self.config.temperature,
        }
        if self._schema:
            schema = {"name": "slice", "strict": True, "schema": ANSWER_SCHEMA}
            options["response_format"] = {"type": "json_schema", "json_schema": schema}
        try:
            return self._read(self.client.chat.completions.create(**options, stream=True), stop)
        except (openai.BadRequestError, openai.UnprocessableEntityError) as error:
            if self._schema:  # the server may know no schemas: ask without
                self._schema = False
                return self.ask(model, pixels, prompt, stop)
            raise VlmFailed(
                "tumor_localizer.server_no_vision", host=self.address.host, model=model, cause=_said(error)
            ) from error
        except openai.NotFoundError as error:
            raise self._not_found(model, error) from error
        except openai.OpenAIError as error:
            raise self._failed(error) from error
        except SliceFailed:
            raise
        except Exception as error:  # of the transport, in the middle of a stream; or an event that is no chunk
            raise self._failed(error) from error

    def _read(self, stream: Any, stop: threading.Event) -> str:
        deadline = time.monotonic() + self.config.slice_timeout_s
        said, looked = "", 0
        with stream:
            for piece in _pieces(stream):
                said += piece
                if stop.is_set():
                    raise SliceFailed(Message("tumor_localizer.vlm_unreadable"), again=False)
                if time.monotonic() > deadline:
                    raise SliceFailed(self._late(), again=False)
                if len(said) - looked >= _CHECK_EVERY:
                    looked = len(said)
                    if repeats(said[-1024:]) or len(said) > _LONGEST_ANSWER:
                        raise SliceFailed(Message("tumor_localizer.vlm_repeats"), again=False)
        if not said.strip():
            raise SliceFailed(Message("tumor_localizer.server_garbage", {"host": self.address.host}))
        return said

    def _late(self) -> Message:
        return Message("tumor_localizer.vlm_late", {"seconds": self.config.slice_timeout_s})

    def _failed(self, error: Exception) -> Exception:
        """What to raise for an error: only what can't be mended by another attempt ends the run at once."""
        id_, values = self._id_and_values(error)
        if id_ in ("tumor_localizer.server_key", "tumor_localizer.server_unknown", "tumor_localizer.server_tls"):
            return VlmFailed(id_, **values)
        wait = 0.0
        if isinstance(error, openai.RateLimitError):
            wait = _seconds(error.response.headers.get("retry-after"))
        return SliceFailed(Message(id_, values), wait_s=wait)

    def _not_found(self, model: str, error: openai.NotFoundError) -> VlmFailed:
        try:
            known = self.models()
        except VlmFailed:
            known = []
        if not known:
            return VlmFailed("tumor_localizer.server_not_there", url=self.address.url, status=error.status_code)
        return VlmFailed(
            "tumor_localizer.server_no_model", host=self.address.host, model=model, known=", ".join(known[:8])
        )

    def _id_and_values(self, error: Exception) -> tuple[str, dict[str, Any]]:
        host = self.address.host
        if isinstance(error, openai.APITimeoutError):
            return "tumor_localizer.vlm_late", {"seconds": self.config.slice_timeout_s}
        if isinstance(error, openai.AuthenticationError | openai.PermissionDeniedError):
            return "tumor_localizer.server_key", {"host": host, "status": error.status_code}
        if isinstance(error, openai.APIStatusError):
            values = {"host": host, "status": error.status_code, "cause": _said(error)}
            return "tumor_localizer.server_error", values
        cause = _root(error)
        if isinstance(cause, ConnectionRefusedError):
            return "tumor_localizer.server_refused", {"host": host}
        if isinstance(cause, ssl.SSLError):
            return "tumor_localizer.server_tls", {"host": host, "cause": cause.reason or "it is not valid"}
        words = str(cause).lower()
        if "name or service" in words or "getaddrinfo" in words or "name resolution" in words or "nodename" in words:
            return "tumor_localizer.server_unknown", {"host": host}
        if "refused" in words:
            return "tumor_localizer.server_refused", {"host": host}
        if "certificate" in words or "ssl" in words:
            return "tumor_localizer.server_tls", {"host": host, "cause": str(cause)[:120].rstrip(".")}
        if "timed out" in words:
            return "tumor_localizer.vlm_late", {"seconds": self.config.slice_timeout_s}
        if isinstance(error, ValueError | TypeError | AttributeError | openai.APIResponseValidationError):
            return "tumor_localizer.server_garbage", {"host": host}
        return "tumor_localizer.server_cut", {
            "host": host,
            "cause": (str(cause) or type(cause).__name__)[:120].rstrip("."),
        }


def _pieces(stream: Any) -> Iterator[str]:
    for chunk in stream:
        for choice in getattr(chunk, "choices", None) or []:
            piece = getattr(getattr(choice, "delta", None), "content", None)
            yield piece if isinstance(piece, str) else ""


def _root(error: BaseException) -> BaseException:
    while (cause := error.__cause__ or error.__context__) is not None:
        error = cause
    return error


def _said(error: openai.APIStatusError) -> str:
    """The server's own words, short; they never hold the picture."""
    body = error.body
    words = body.get("message") if isinstance(body, dict) else body
    text = " ".join(str(words or error.response.reason_phrase or "no reason given").split())
    return text[:160].rstrip(".")


def _seconds(text: str | None) -> float:
    try:
        return min(max(float(text or 0), 0.0), 60.0)
    except ValueError:
        return 0.0
