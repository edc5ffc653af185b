"""Draw the synthetic demo scan: a T1-CE head with a ring-enhancing deep tumour, from published averages and a seed.

    python -m pip install --no-deps pydeface        # brings the mean head (MIT)
    python installer/make_demo_case.py              # writes assets/demo/{scan,truth}.nii.gz

Nobody's scan goes in: the head is the mean of many (pydeface), the brain is the MNI152 average (nilearn), and tumour,
vessels, shape, bias field and noise are drawn. Needs HD-BET and ANTs (one minute or two).
"""

from __future__ import annotations

import argparse
import gzip
import sys
from importlib.machinery import PathFinder
from pathlib import Path
from tempfile import TemporaryDirectory

import nibabel as nib
import numpy as np
from scipy import ndimage

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from vb_desktop.pipeline.case import Array, ProcessedScan, Scan, Volume  # noqa: E402
from vb_desktop.pipeline.config import Config  # noqa: E402
from vb_desktop.pipeline.mri_processor.grids import resample, world_grid  # noqa: E402
from vb_desktop.pipeline.mri_processor.mri_processor import MRIProcessor  # noqa: E402
from vb_desktop.pipeline.mri_processor.template import template  # noqa: E402

SEED = 20261
DESCRIPTION = b"SYNTHETIC Virtual Biopsy demo"

TUMOUR_CENTRE_MM = (23.0, -9.0, 7.0)
"""MNI: right thalamus and internal capsule."""
TUMOUR_RADIUS_MM = 15.0
PUSH_MM = 6.0

# Fractions of white matter as T1-CE shows them.
ENHANCING, NECROTIC, VESSEL = 1.55, 0.42, 1.75
WHITE_MATTER = 150.0

# Centre lines in MNI millimetres with radius; those off the midline are drawn on both sides.
VESSELS: tuple[tuple[float, tuple[tuple[float, float, float], ...]], ...] = (
    (1.9, ((0, -38, 2), (0, -58, -2), (0, -80, -8), (0, -98, -14))),  # straight sinus
    (1.2, ((1.5, -34, 7), (1.5, -18, 13), (1.5, -4, 12))),  # internal cerebral veins
    (
        2.6,
        ((2, -101, -16), (22, -98, -19), (44, -83, -25), (58, -62, -30), (56, -48, -36), (46, -42, -46)),
    ),  # transverse
    (2.3, ((15, -4, -36), (14, -6, -27), (12, 4, -26), (13, 8, -20), (13, 3, -16))),  # internal carotid
    (1.3, ((13, 3, -16), (22, 5, -17), (34, 4, -15), (42, 0, -10), (44, -12, 0))),  # middle cerebral
    (1.1, ((13, 3, -16), (3, 14, -17), (2, 30, -12), (2, 42, 4), (2, 36, 20), (2, 16, 30))),  # anterior cerebral
    (1.6, ((0, -22, -52), (0, -21, -40), (0, -18, -28), (0, -13, -19))),  # basilar
    (1.0, ((0, -14, -19), (12, -20, -17), (22, -28, -12), (16, -46, -4))),  # posterior cerebral
    (2.2, ((22, -44, 12), (24, -40, 4), (24, -34, -2))),  # choroid plexus
    (3.0, ((0, 3, -34), (3, 3, -34))),  # pituitary
    (0.9, ((0, 3, -31), (0, 1, -24))),  # its stalk
)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=ROOT / "assets" / "demo", help="folder to write to")
    parser.add_argument("--seed", type=int, default=SEED, help="of shape, vessels, tumour, bias field and noise")
    arguments = parser.parse_args()
    scan, truth = draw(arguments.seed)
    arguments.out.mkdir(parents=True, exist_ok=True)
    save(scan, np.int16, arguments.out / "scan.nii.gz")
    save(truth, np.uint8, arguments.out / "truth.nii.gz")


def draw(seed: int) -> tuple[Volume, Volume]:
    """The scan (about 1 mm, RAS) and the mask of its tumour (core and rim)."""
    rng = np.random.default_rng(seed)
    head = mean_head()
    with TemporaryDirectory() as work:
        aligned = MRIProcessor(Config())(Scan(volume=head), Path(work))
        anatomy, brain = join(head, aligned)
        vessels = aligned.to_native(draw_vessels(rng)).voxels
        vessels = np.maximum(vessels, sagittal_sinus(head, brain))
        vessels = np.maximum(vessels, cortical_veins(head, brain, rng))
        centre = aligned.points_to_native(np.array([TUMOUR_CENTRE_MM]))[0]
    anatomy = enhance_mucosa(head, anatomy, brain)
    image = anatomy + vessels * (VESSEL - anatomy).clip(0)
    image, soft_brain = push(head, [image, brain], centre)
    image, truth = draw_tumour(head, image, soft_brain, centre, rng)
    image, truth = vary(image, truth, rng)
    return finish(head, image, truth, rng)


def mean_head() -> Volume:
    """Pydeface's mean head on a 1 mm grid along the world's axes, white matter about 1."""
    spec = PathFinder.find_spec("pydeface")
    if spec is None or spec.origin is None:
        sys.exit("pydeface is not installed: python -m pip install --no-deps pydeface")
    image = nib.load(Path(spec.origin).parent / "data" / "mean_reg2mean.nii.gz")
    raw = Volume(np.asarray(image.dataobj).astype(np.float32) / 430.0, np.asarray(image.affine, dtype=np.float64))
    affine, shape = world_grid(raw.like(np.ones(raw.voxels.shape, np.uint8)), 1.0, 0.0)
    return resample(raw, affine, shape)


def join(head: Volume, aligned: ProcessedScan) -> tuple[Array, Array]:
    """The sharp MNI152 brain in the mean head; and the soft brain mask, both on the head's grid."""
    sharp = unsharp(template().voxels, 1.0, 0.9)
    brain = aligned.to_native(template().like(sharp)).voxels
    inside = aligned.to_native(aligned.mask).voxels
    inside = np.minimum(inside, aligned.to_native(template().like((template().voxels > 0).astype(np.float32))).voxels)
    white = np.percentile(brain[inside > 0.9], 80)
    brain = brain / white
    weight = ndimage.gaussian_filter(ndimage.grey_erosion(inside, size=3), 0.7)
    outside = unsharp(head.voxels, 2.0, 1.6).clip(0)
    # Around the brain the mean head is a blur of cortex and fluid of many people: darken it to fluid and bone.
    near = ndimage.gaussian_filter((ndimage.binary_dilation(inside > 0.5, iterations=3)).astype(np.float32), 1.2)
    outside = outside * (1 - 0.55 * near)
    # Ghosts of head rests and of others' faces in the air.
    air = ndimage.gaussian_filter(head.voxels, 1.5)
    outside = outside * np.clip((air - 0.10) / 0.12, 0, 1)
    return weight * brain + (1 - weight) * outside, inside


def draw_vessels(rng: np.random.Generator) -> Volume:
    """The large vessels in MNI space, 0 to 1."""
    grid = template()
    field = np.zeros(grid.voxels.shape, np.float32)
    for radius, line in VESSELS:
        for side in (1.0, -1.0) if any(x > 0 for x, _, _ in line) else (1.0,):
            points = np.array(line) * (side, 1.0, 1.0) + rng.normal(0, 0.5, (len(line), 3))
            tube(field, grid, points, radius)
    return grid.like(field)


def tube(field: Array, grid: Volume, points: Array, radius: float) -> None:
    """Draw a smooth tube along a polyline (mm) into `field`, with soft walls."""
    steps = np.linspace(0, len(points) - 1, 12 * len(points))
    order = min(2, len(points) - 1)
    fine = np.stack(
        [ndimage.map_coordinates(points[:, axis], [steps], order=order, mode="nearest") for axis in range(3)], axis=-1
    )
    for centre in grid.to_index(fine):
        low = np.maximum(np.floor(centre - radius - 2).astype(int), 0)
        high = np.minimum(np.ceil(centre + radius + 3).astype(int), field.shape)
        if (high <= low).any():
            continue
        part = tuple(slice(a, b) for a, b in zip(low, high, strict=True))
        index = np.stack(np.meshgrid(*(np.arange(a, b) for a, b in zip(low, high, strict=True)), indexing="ij"), -1)
        distance = np.linalg.norm((index - centre) * grid.spacing, axis=-1)
        field[part] = np.maximum(field[part], np.clip(radius + 0.5 - distance, 0, 1))


def sagittal_sinus(head: Volume, brain: Array) -> Array:
    """Bright along the midline between brain and skull, from the forehead over the vertex to the occiput."""
    field = np.zeros(brain.shape, np.float32)
    closed = ndimage.binary_closing(brain > 0.5, iterations=6)
    middle = head.to_index(np.array([[0.0, -20.0, 10.0]]))[0]
    plane = closed[round(middle[0])]
    line = []
    for angle in np.linspace(np.radians(20), np.radians(192), 40):
        ray = np.arange(20, 130, 0.5)
        j, k = middle[1] + ray * np.cos(angle), middle[2] + ray * np.sin(angle)
        on = ndimage.map_coordinates(plane.astype(np.float32), [j, k], order=1) > 0.5
        if on.any():
            edge = ray[np.flatnonzero(on)[-1]] - 0.5
            line.append((middle[0], middle[1] + edge * np.cos(angle), middle[2] + edge * np.sin(angle)))
    points = head.to_mm(np.array(line))
    for part, radius in ((points[:12], 1.6), (points[11:25], 2.4), (points[24:], 3.0)):
        tube(field, head, part, radius)
    return field


def cortical_veins(head: Volume, brain: Array, rng: np.random.Generator) -> Array:
    """Thin veins that run over the convexity towards the midline."""
    field = np.zeros(brain.shape, np.float32)
    depth = ndimage.distance_transform_edt(ndimage.binary_closing(brain > 0.5, iterations=4))
    middle = head.to_index(np.array([[0.0, -15.0, 20.0]]))[0]
    for side in (-1.0, 1.0):
        for tilt in np.linspace(-0.9, 0.9, 7) + rng.normal(0, 0.06, 7):
            line = []
            wobble = np.cumsum(rng.normal(0, 0.05, 14))
            for step, angle in enumerate(np.linspace(0.12, rng.uniform(0.7, 1.2), 14)):
                direction = np.array([side * np.sin(angle), np.sin(tilt + wobble[step]), np.cos(angle) * np.cos(tilt)])
                ray = middle[:, None] + (direction / np.linalg.norm(direction))[:, None] * np.arange(20, 120, 0.5)
                on = ndimage.map_coordinates(depth.astype(np.float32), ray, order=1) > 0.7
                if on.any():
                    line.append(ray[:, np.flatnonzero(on)[-1]])
            if len(line) > 3:
                tube(field, head, head.to_mm(np.array(line)), rng.uniform(0.6, 1.0))
    return field * 0.9


def enhance_mucosa(head: Volume, image: Array, brain: Array) -> Array:
    """Nasal mucosa and the deep face take up contrast."""
    world = head.to_mm(np.stack(np.meshgrid(*(np.arange(n) for n in image.shape), indexing="ij"), -1).reshape(-1, 3))
    offset = (world - (0.0, 52.0, -48.0)) / (16.0, 24.0, 20.0)
    near = np.exp(-(offset**2).sum(axis=1)).reshape(image.shape) * (1 - brain)
    return np.asarray(image * (1 + 0.9 * near), dtype=np.float32)


def push(head: Volume, images: list[Array], centre: Array) -> list[Array]:
    """Mass effect: tissue around the tumour is pushed away from its centre."""
    index = np.stack(np.meshgrid(*(np.arange(n) for n in images[0].shape), indexing="ij")).astype(np.float32)
    spacing = np.asarray(head.spacing)[:, None, None, None]
    offset = (index - head.to_index(centre[None])[0][:, None, None, None]) * spacing
    distance = np.sqrt((offset**2).sum(axis=0)) + 1e-3
    size = PUSH_MM * (distance / TUMOUR_RADIUS_MM) * np.exp(0.5 - 0.5 * (distance / TUMOUR_RADIUS_MM) ** 2)
    source = index - offset / distance * size / spacing
    return [ndimage.map_coordinates(image, source, order=1, mode="nearest") for image in images]


def draw_tumour(
    head: Volume, image: Array, brain: Array, centre: Array, rng: np.random.Generator
) -> tuple[Array, Array]:
    """An irregular ring around a necrotic core, with oedema that spreads along the white matter."""
    index = np.stack(np.meshgrid(*(np.arange(n) for n in image.shape), indexing="ij"), -1).reshape(-1, 3)
    offset = (head.to_mm(index) - centre) / (0.95, 1.15, 1.0)
    level = (np.linalg.norm(offset, axis=1) / TUMOUR_RADIUS_MM).reshape(image.shape)
    coarse, medium, fine = (noise(image.shape, sigma, rng) for sigma in (7.0, 3.5, 1.2))
    outer = level + 0.15 * coarse + 0.06 * medium
    inner = level + 0.08 * coarse + 0.16 * medium + 0.06 * noise(image.shape, 5.0, rng)
    spread = level + 0.35 * noise(image.shape, 9.0, rng) + 0.12 * medium
    white = np.clip((image - 0.78) / 0.15, 0, 1)
    oedema = step(1.85 - spread, 0.35) * (0.35 + 0.65 * white) * (brain > 0.5)
    image = image * (1 - 0.24 * ndimage.gaussian_filter(oedema, 1.0))
    body, core = step(1.0 - outer, 0.07), step(0.68 - inner, 0.09)
    rim = ENHANCING * (1 + 0.12 * medium + 0.07 * fine)
    heart = NECROTIC * (1 + 0.14 * medium + 0.08 * fine)
    image = image * (1 - body) + body * (rim * (1 - core) + heart * core)
    return image, body


def vary(image: Array, truth: Array, rng: np.random.Generator) -> tuple[Array, Array]:
    """A head like no average: a smooth random change of shape and a slight turn."""
    shape = image.shape
    index = np.stack(np.meshgrid(*(np.arange(n) for n in shape), indexing="ij")).astype(np.float32)
    turn = np.radians(rng.uniform(-4, 4, 3))
    centre = (np.array(shape) / 2)[:, None, None, None]
    source = np.tensordot(_rotation(turn), index - centre, axes=1) + centre
    for axis in range(3):
        source[axis] += 2.2 * noise(shape, 22.0, rng)
    image = ndimage.map_coordinates(image, source, order=1, mode="constant")
    return image, ndimage.map_coordinates(truth, source, order=1, mode="constant")


def finish(head: Volume, image: Array, truth: Array, rng: np.random.Generator) -> tuple[Volume, Volume]:
    """Coil shading and noise, then cropped to the head, as whole numbers."""
    image = image * np.exp(0.12 * noise(image.shape, 45.0, rng))
    image = WHITE_MATTER * ndimage.gaussian_filter(image, 0.35)
    real, imaginary = rng.normal(0, 0.018 * WHITE_MATTER, (2, *image.shape))
    image = np.sqrt((image + real) ** 2 + imaginary**2)
    inside = np.argwhere(ndimage.binary_opening(ndimage.gaussian_filter(image, 2) > 0.2 * WHITE_MATTER, iterations=2))
    low = np.maximum(inside.min(axis=0) - 6, 0)
    high = np.minimum(inside.max(axis=0) + 7, image.shape)
    # The neck tells nothing and costs space.
    low[2] = max(low[2], round(head.to_index(np.array([[0.0, 0.0, -90.0]]))[0][2]))
    part = tuple(slice(a, b) for a, b in zip(low, high, strict=True))
    affine = head.affine.copy()
    affine[:3, 3] = head.to_mm(low[None])[0]
    return Volume(np.round(image[part]), affine), Volume((truth[part] > 0.5).astype(np.uint8), affine)


def noise(shape: tuple[int, ...], sigma: float, rng: np.random.Generator) -> Array:
    """Smooth random field with mean 0 and standard deviation 1."""
    factor = max(1, int(sigma // 3))
    small = ndimage.gaussian_filter(rng.normal(size=[n // factor + 2 for n in shape]), sigma / factor)
    index = np.meshgrid(*(np.arange(n) / factor for n in shape), indexing="ij", sparse=False)
    field = ndimage.map_coordinates(small.astype(np.float32), index, order=1, mode="nearest") if factor > 1 else small
    field = field[tuple(slice(n) for n in shape)]
    return np.asarray((field - field.mean()) / field.std(), dtype=np.float32)


def step(value: Array, width: float) -> Array:
    """0 to 1 around 0, `width` wide."""
    return np.asarray(np.clip(value / width + 0.5, 0, 1))


def unsharp(voxels: Array, sigma: float, amount: float) -> Array:
    """Give back the edges that averaging has softened."""
    sharper: Array = voxels + amount * (voxels - ndimage.gaussian_filter(voxels, sigma))
    return sharper


def save(volume: Volume, kind: type, path: Path) -> None:
    """Write NIfTI that says of itself what it is."""
    image = nib.Nifti1Image(volume.voxels.astype(kind), volume.affine)
    image.header["descrip"] = DESCRIPTION
    image.header.set_xyzt_units("mm")
    image.set_sform(volume.affine, code="scanner")
    image.set_qform(volume.affine, code="scanner")
    # No file name and no time in the archive: the same scan is the same file.
    with path.open("wb") as raw, gzip.GzipFile("", "wb", compresslevel=9, fileobj=raw, mtime=0) as file:
        file.write(image.to_bytes())


def _rotation(angles: Array) -> Array:
    matrix = np.eye(3)
    for axis, angle in enumerate(angles):
        turn = np.eye(3)
        a, b = (axis + 1) % 3, (axis + 2) % 3
        turn[a, a] = turn[b, b] = np.cos(angle)
        turn[a, b], turn[b, a] = -np.sin(angle), np.sin(angle)
        matrix = matrix @ turn
    return matrix


if __name__ == "__main__":
    main()
