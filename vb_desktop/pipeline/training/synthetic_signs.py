"""How each class looks on T1-CE, as numbers for the synthetic cohort, each from the literature on its imaging.

Ranges are coarse readings of what the papers describe in words and pictures; they are not fitted to images,
and the papers are named from memory and have not been looked up again. Signs
overlap on purpose (suprasellar germinoma and craniopharyngioma, lymphoma and germinoma of the basal ganglia), because
they overlap in patients.
"""

from __future__ import annotations

from dataclasses import dataclass

Range = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a kind of tumour grows: an ellipsoid of centres in MNI152, mirrored to either side unless it is midline.

    Attributes:
        centre_mm: RAS+ mm, right side.
        spread_mm: half axes of the ellipsoid that centres are drawn from.
        midline: not mirrored.
    """

    centre_mm: tuple[float, float, float]
    spread_mm: tuple[float, float, float]
    midline: bool = False


THALAMUS = Place(centre_mm=(13, -18, 8), spread_mm=(5, 8, 6))
BASAL_GANGLIA = Place(centre_mm=(22, 4, 6), spread_mm=(6, 10, 8))
FRONTAL_WHITE_MATTER = Place(centre_mm=(25, 28, 22), spread_mm=(10, 14, 12))
PARIETAL_WHITE_MATTER = Place(centre_mm=(28, -40, 32), spread_mm=(9, 14, 12))
TEMPORAL_WHITE_MATTER = Place(centre_mm=(44, -20, -12), spread_mm=(7, 14, 6))
FRONTAL_HORN = Place(centre_mm=(14, 26, 14), spread_mm=(6, 8, 7))
TRIGONE = Place(centre_mm=(24, -42, 14), spread_mm=(6, 8, 7))
CORPUS_CALLOSUM = Place(centre_mm=(0, 4, 26), spread_mm=(6, 24, 5), midline=True)
BRAINSTEM = Place(centre_mm=(0, -27, -32), spread_mm=(5, 4, 9), midline=True)
PINEAL = Place(centre_mm=(0, -31, 2), spread_mm=(2, 3, 3), midline=True)
SUPRASELLAR = Place(centre_mm=(0, 2, -16), spread_mm=(2.5, 4, 4), midline=True)
FOURTH_VENTRICLE = Place(centre_mm=(0, -45, -32), spread_mm=(3, 4, 5), midline=True)
CEREBELLAR_HEMISPHERE = Place(centre_mm=(24, -62, -36), spread_mm=(9, 8, 7))
SEPTUM = Place(centre_mm=(5, 4, 17), spread_mm=(4, 8, 4))


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """One appearance of a class. Intensities are relative to normal white matter (1.0) of the same scan.

    Attributes:
        name: for the record of the case.
        weight: share within its class.
        source: citation.
        places: places with their shares.
        radius_mm: mean radius.
        irregularity: amplitude of the outline's undulation, as a share of the radius.
        enhancement: intensity of the solid part.
        texture: standard deviation of the solid part.
        necrosis: probability of one central necrosis or cyst.
        rim_mm: thickness of the solid rim around it.
        core: intensity of necrosis or cyst.
        nodule: probability that the rim is hardly visible and a solid mural nodule enhances.
        cysts: how many small cysts inside the solid part.
        calcification: probability of dark spots.
        oedema_mm: width of the dark halo.
        infiltration: share of the halo that follows the white matter only.
        mass_effect: how far the surroundings are pushed, as a share of the radius.
    """

    name: str
    weight: float
    source: str
    places: tuple[tuple[Place, float], ...]
    radius_mm: Range
    irregularity: Range
    enhancement: Range
    texture: Range = (0.02, 0.08)
    necrosis: float = 0.0
    rim_mm: Range = (2.0, 5.0)
    core: Range = (0.35, 0.6)
    nodule: float = 0.0
    cysts: tuple[int, int] = (0, 0)
    calcification: float = 0.0
    oedema_mm: Range = (0.0, 4.0)
    infiltration: float = 1.0
    mass_effect: Range = (0.2, 0.5)


SIGNS: dict[str, tuple[Signs, ...]] = {
    "glioma": (
        Signs(
            name="irregular ring with necrosis",
            weight=0.65,
            source="Rees JH et al. RadioGraphics 1996;16:1413; Smirniotopoulos JG et al. RadioGraphics 2007;27:525",
            places=(
                (FRONTAL_WHITE_MATTER, 0.25), (PARIETAL_WHITE_MATTER, 0.2), (TEMPORAL_WHITE_MATTER, 0.2),
                (THALAMUS, 0.15), (BASAL_GANGLIA, 0.1), (CORPUS_CALLOSUM, 0.1),
            ),
            radius_mm=(13, 27),
            irregularity=(0.15, 0.32),
            enhancement=(1.25, 1.75),
            texture=(0.08, 0.18),
            necrosis=0.95,
            rim_mm=(2.5, 6.5),
            core=(0.4, 0.65),
            oedema_mm=(6, 20),
            mass_effect=(0.3, 0.6),
        ),
        Signs(
            name="diffuse, hardly enhancing",
            weight=0.35,
            source="Scott JN et al. Neurology 2002;59:947 (a third of non-enhancing gliomas are malignant)",
            places=((THALAMUS, 0.3), (BRAINSTEM, 0.25), (FRONTAL_WHITE_MATTER, 0.25), (TEMPORAL_WHITE_MATTER, 0.2)),
            radius_mm=(11, 24),
            irregularity=(0.15, 0.35),
            enhancement=(0.6, 0.85),
            texture=(0.03, 0.09),
            necrosis=0.1,
            oedema_mm=(2, 8),
            mass_effect=(0.2, 0.5),
        ),
    ),
    "pcnsl": (
        Signs(
            name="solid, homogeneous, periventricular",
            weight=0.9,
            source="Küker W et al. J Neurooncol 2005;72:169; Haldorsen IS et al. AJNR 2011;32:984",
            places=(
                (FRONTAL_HORN, 0.22), (TRIGONE, 0.22), (CORPUS_CALLOSUM, 0.2), (BASAL_GANGLIA, 0.18), (THALAMUS, 0.18),
            ),
            radius_mm=(8, 18),
            irregularity=(0.05, 0.16),
            enhancement=(1.4, 1.85),
            texture=(0.02, 0.05),
            necrosis=0.03,
            oedema_mm=(4, 14),
            mass_effect=(0.1, 0.3),
        ),
        Signs(
            name="with a small central necrosis",
            weight=0.1,
            source="Haldorsen IS et al. AJNR 2011;32:984 (ring enhancement is rare without immunodeficiency)",
            places=((BASAL_GANGLIA, 0.5), (TRIGONE, 0.5)),
            radius_mm=(9, 17),
            irregularity=(0.05, 0.16),
            enhancement=(1.35, 1.75),
            texture=(0.02, 0.06),
            necrosis=1.0,
            rim_mm=(5, 8),
            oedema_mm=(4, 14),
            mass_effect=(0.1, 0.3),
        ),
    ),
    "germinoma": (
        Signs(
            name="midline, solid with small cysts",
            weight=0.78,
            source="Jennings MT et al. J Neurosurg 1985;63:155 (place); Kyritsis AP. J Neurooncol 2010;96:143",
            places=((PINEAL, 0.55), (SUPRASELLAR, 0.45)),
            radius_mm=(6, 14),
            irregularity=(0.08, 0.2),
            enhancement=(1.25, 1.65),
            texture=(0.04, 0.1),
            cysts=(0, 4),
            calcification=0.15,
            oedema_mm=(0, 2),
            mass_effect=(0.2, 0.5),
        ),
        Signs(
            name="basal ganglia, faint and partly cystic",
            weight=0.22,
            source="Kyritsis AP. J Neurooncol 2010;96:143",
            places=((BASAL_GANGLIA, 0.8), (THALAMUS, 0.2)),
            radius_mm=(8, 17),
            irregularity=(0.12, 0.28),
            enhancement=(1.0, 1.4),
            texture=(0.06, 0.14),
            cysts=(2, 7),
            calcification=0.2,
            oedema_mm=(0, 3),
            mass_effect=(0.0, 0.25),
        ),
    ),
    "other": (
        Signs(
            name="cyst with mural nodule (hemangioblastoma)",
            weight=0.3,
            source="Ho VB et al. AJNR 1992;13:1343",
            places=((CEREBELLAR_HEMISPHERE, 0.85), (BRAINSTEM, 0.15)),
            radius_mm=(9, 18),
            irregularity=(0.03, 0.12),
            enhancement=(1.5, 2.0),
            necrosis=1.0,
            rim_mm=(1.0, 1.5),
            core=(0.3, 0.45),
            nodule=1.0,
            mass_effect=(0.3, 0.6),
        ),
        Signs(
            name="fourth ventricle, mixed (ependymoma)",
            weight=0.3,
            source="Yuh EL et al. Childs Nerv Syst 2009;25:1203",
            places=((FOURTH_VENTRICLE, 1.0),),
            radius_mm=(9, 17),
            irregularity=(0.1, 0.22),
            enhancement=(1.1, 1.6),
            texture=(0.1, 0.2),
            cysts=(1, 5),
            calcification=0.5,
            mass_effect=(0.3, 0.5),
        ),
        Signs(
            name="suprasellar, cystic and calcified (craniopharyngioma)",
            weight=0.25,
            source="Sartoretti-Schefer S et al. AJNR 1997;18:77",
            places=((SUPRASELLAR, 1.0),),
            radius_mm=(8, 15),
            irregularity=(0.08, 0.2),
            enhancement=(1.2, 1.6),
            texture=(0.06, 0.14),
            necrosis=0.75,
            rim_mm=(1.5, 3.5),
            core=(0.4, 1.2),
            calcification=0.8,
            mass_effect=(0.3, 0.5),
        ),
        Signs(
            name="intraventricular, bubbly (central neurocytoma)",
            weight=0.15,
            source="Smith AB et al. RadioGraphics 2013;33:21",
            places=((SEPTUM, 1.0),),
            radius_mm=(9, 17),
            irregularity=(0.06, 0.15),
            enhancement=(1.05, 1.4),
            texture=(0.05, 0.12),
            cysts=(5, 10),
            calcification=0.5,
            mass_effect=(0.3, 0.5),
        ),
    ),
}  # fmt: skip
"""Class -> its appearances; weights of a class sum to 1."""
