"""Asks a VLM about the slices of a scan: pictures out, answers back, boxes of voxels; the same for every backend."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from vb_desktop.pipeline.case import Array, Box, ProcessedScan
from vb_desktop.pipeline.config import VlmConfig
from vb_desktop.pipeline.errors import VlmFailed
from vb_desktop.pipeline.messages import Message, say
from vb_desktop.pipeline.tumor_localizer.answer import Answer, UnreadableAnswer, parse_answer
from vb_desktop.pipeline.tumor_localizer.answer_cache import AnswerCache
from vb_desktop.pipeline.tumor_localizer.slice_picture import Frame, Window, picture_hash, slice_pixels
from vb_desktop.pipeline.tumor_localizer.slice_schedule import SliceSchedule

LEAST_IMAGE_TOKENS = 1024
"""Fewer, and the public Qwen-VL models place boxes badly."""
_MANY = 3  # unanswered slices in all ...
_MOST_UNANSWERED = 0.25  # ... and share of those asked, beyond which the run ends


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """One slice: k and its picture, uint8 (S, S)."""

    k: int
    pixels: Array


@dataclass(frozen=True, slots=True)
class Unanswered:
    """Why a slice got no answer, as a sentence."""

    why: Message


Ask = Callable[[Sequence[Question]], Iterator[tuple[int, str | Unanswered]]]
"""Answers each question once, in any order, as soon as it is there."""


class SliceReader:
    """One scan's way through a VLM.

    Args:
        config: stride, thresholds, window.
        name: of the model, for people.
        source: what each Box carries.
        side: edge of the pictures in pixels.
        model: what decides the answers beside prompt and picture, e.g. id and revision; part of the cache's key.

    Attributes:
        remarks: on what could not be answered or read; complete when the last box has been given.
    """

    def __init__(self, config: VlmConfig, *, name: str, source: str, side: int, model: str) -> None:
        self.config, self.name, self.source, self.side, self.model = config, name, source, side, model
        self.remarks: tuple[Message, ...] = ()
        self._asked = self._unanswered = self._left_out = 0

    def boxes(
        self, processed: ProcessedScan, slices: Sequence[int], prompt: str, ask: Ask
    ) -> Iterator[tuple[int, list[Box]]]:
        """Ask round by round; slices that the schedule skips are not given.

        Yields:
            (k, boxes) of each slice that was asked, as soon as its answer is there.

        Raises:
            VlmFailed: more slices stayed without a readable answer than can be passed over.
        """
        window, frame = Window.of(processed, self.config.window), Frame.of(processed.mask)
        stride = max(round(self.config.stride_mm / processed.mask.spacing[2]), 1)
        schedule = SliceSchedule(slices, stride)
        cache = AnswerCache(self._key(prompt))
        self._asked = self._unanswered = self._left_out = 0
        while round_ := schedule.next_round():
            waiting: dict[int, str] = {}
            questions = []
            for k in round_:
                pixels = slice_pixels(
                    processed.volume.voxels[:, :, k], processed.mask.voxels[:, :, k], frame, window, self.side
                )
                known = cache.get(picture_hash(pixels))
                if known is not None and (answer := self._understand(known)) is not None:
                    found = self._to_boxes(k, answer, frame, processed)
                    schedule.tell(k, bool(found))
                    yield k, found
                else:
                    waiting[k] = picture_hash(pixels)
                    questions.append(Question(k, pixels))
            if not questions:
                continue
            for k, said in ask(questions):
                found = []
                answer = self._understand(said) if isinstance(said, str) else None
                if answer is not None and isinstance(said, str):
                    cache.keep(waiting[k], said)
                    found = self._to_boxes(k, answer, frame, processed)
                else:
                    self._passed_over(said)
                schedule.tell(k, bool(found))
                yield k, found
        self.remarks = tuple(self._remarks(len(slices)))

    def _key(self, prompt: str) -> dict[str, str | int | float]:
        return {
            "source": self.source,
            "model": self.model,
            "prompt": hashlib.sha256(prompt.encode()).hexdigest(),
            "max_tokens": self.config.max_tokens,
            "temperature": self.config.temperature,
        }

    def _understand(self, text: str) -> Answer | None:
        try:
            answer = parse_answer(text)
        except UnreadableAnswer:
            return None
        self._asked += 1
        self._left_out += answer.left_out
        return answer

    def _to_boxes(self, k: int, answer: Answer, frame: Frame, processed: ProcessedScan) -> list[Box]:
        boxes = []
        size_i, size_j, _ = processed.mask.voxels.shape
        for mark in answer.marks:
            place = frame.to_voxels(mark.corners, (size_i, size_j))
            if mark.likelihood < self.config.least_likelihood:
                continue
            if place is None:
                self._left_out += 1
                continue
            i0, i1, j0, j1 = place
            boxes.append(
                Box(
                    k=k, i0=i0, i1=i1, j0=j0, j1=j1, confidence=mark.likelihood, source=self.source, text=answer.finding
                )
            )
        return boxes

    def _passed_over(self, said: str | Unanswered) -> None:
        self._asked += 1
        self._unanswered += 1
        if self._unanswered >= _MANY and self._unanswered > _MOST_UNANSWERED * self._asked:
            why = said.why if isinstance(said, Unanswered) else Message("tumor_localizer.vlm_unreadable")
            raise VlmFailed(
                "tumor_localizer.vlm_fails",
                name=self.name,
                count=self._unanswered,
                asked=self._asked,
                why=say(why),
            )

    def _remarks(self, total: int) -> Iterator[Message]:
        if self._asked < total:
            yield Message("tumor_localizer.vlm_stride", {"asked": self._asked, "total": total})
        if self._unanswered:
            values = {"count": self._unanswered, "asked": self._asked, "name": self.name}
            yield Message("tumor_localizer.vlm_unanswered", values)
        if self._left_out:
            yield Message("tumor_localizer.vlm_senseless", {"count": self._left_out, "name": self.name})
