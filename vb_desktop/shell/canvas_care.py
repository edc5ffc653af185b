"""Two things that a canvas of napari needs: keeping its picture, and freeing its layers in its own context."""

from __future__ import annotations

from typing import Any

from PySide6.QtOpenGLWidgets import QOpenGLWidget


def keep_picture(native: Any) -> None:
    """Let a canvas of vispy keep its picture until its scene changes.

    Qt paints a canvas whenever something over it changes: a crosshair that follows the mouse would draw every layer
    again, a tenth of a second each time where there is no graphics card.

    Args:
        native: the canvas' widget (a QOpenGLWidget of vispy's Qt backend).
    """
    native.setUpdateBehavior(QOpenGLWidget.UpdateBehavior.PartialUpdate)
    is_old = True
    paint, resize, begin = native.paintGL, native.resizeGL, native.initializeGL

    def vispy_update() -> None:
        nonlocal is_old
        is_old = True
        if native._vispy_canvas is not None:
            native.update()

    def paint_gl() -> None:
        nonlocal is_old
        if is_old:
            is_old = False  # before drawing: what a layer changes while it is drawn asks for one more picture
            paint()

    def resize_gl(width: int, height: int) -> None:
        nonlocal is_old
        is_old = True
        resize(width, height)

    def initialize_gl() -> None:
        nonlocal is_old
        is_old = True
        begin()

    native._vispy_update = vispy_update
    native.paintGL = paint_gl
    native.resizeGL = resize_gl
    native.initializeGL = initialize_gl


def clear_layers(viewer: Any) -> None:
    """Remove all layers of a `QtViewer`.

    Napari frees a removed layer's part of the graphics memory at once, in whatever context happens to be current. That
    must be the canvas' own: else what the next layers are given is freed a second time, and the program falls.

    Args:
        viewer: napari's QtViewer.
    """
    layers, canvas = viewer.viewer.layers, viewer.canvas._scene_canvas
    if not layers:
        return
    if canvas.native is not None and canvas.native.isValid():
        canvas.set_current()
    with layers.batched_update():  # else Python's garbage is collected once a layer
        layers.clear()
