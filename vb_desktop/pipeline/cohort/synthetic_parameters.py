"""Every number that the synthetic cohort is drawn from, with the literature beside it.

Fixed before the first network was trained on the cohort and not touched after: a cohort that is tuned until a result
comes out is no evidence. Names in square brackets stand for `SOURCES`; [choice] is ours, where the literature says
it in words only or not at all. Signs overlap between the classes because they overlap in patients.

Intensities are those of T1-CE relative to the white matter of the same scan (1.0); scanners have no common unit, so
all intensities are [choice], ordered as the sources describe them (strong, moderate, faint, none). Places are RAS+ mm
in MNI152.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Range = tuple[float, float]
Pattern = Literal["ring", "solid", "patchy", "none", "nodule", "multicystic"]
"""ring: enhancing rim around necrosis or a cyst; nodule: cyst with an enhancing mural nodule, its wall hardly seen;
multicystic: enhancing tissue with cysts; patchy: dark tissue with faint enhancing patches; none: dark tissue."""

SOURCES: dict[str, str] = {
    "buhring": "Bühring U et al. MRI features of primary central nervous system lymphomas at presentation. Neurology "
    "2001;57:393. 40 patients: 25 solitary; of 70 lesions hemispheres 22, corpus callosum 11, basal ganglia 11, "
    "cerebellum in 10 patients; all enhance; 39 beside a CSF space; necrosis in 2; mean size 19.9 mm; oedema extensive "
    "24, moderate 11, absent 5; median age 63; 24 men",
    "haldorsen": "Haldorsen IS, Espeland A, Larsson EM. Central nervous system lymphoma. AJNR 2011;32:984",
    "koeller1997": "Koeller KK et al. Primary central nervous system lymphoma. RadioGraphics 1997;17:1497",
    "smirniotopoulos": "Smirniotopoulos JG et al. Patterns of contrast enhancement in the brain and meninges. "
    "RadioGraphics 2007;27:525",
    "rees": "Rees JH et al. Glioblastoma multiforme: radiologic-pathologic correlation. RadioGraphics 1996;16:1413",
    "gbm1149": "Single-centre cohort of 1149 IDH-wildtype glioblastomas, 2006-2022: ring 85.5 %, nodular 10.5 %, faint "
    "and patchy 4.0 %, no enhancement 2.3 % (abstract)",
    "scott": "Scott JN et al. How often are nonenhancing supratentorial gliomas malignant? Neurology 2002;59:947",
    "banan": "Banan R et al. Diffuse midline gliomas, H3 K27M-mutant. PLoS One 2021;16:e0249647: thalamus 37.5 %, "
    "brainstem 50 %, less oedema and weaker enhancement than glioblastoma",
    "thust": "Thust S et al. H3 K27M diffuse midline glioma in teenagers and adults. Quant Imaging Med Surg "
    "2021;11:43: 15 patients, median age 19 (14-64), rim-enhancing necrosis in 67 %",
    "dmg2022": "Diffuse midline glioma, H3 K27-altered. BMC Neurology 2022;22 (s12883-022-03026-0): mild to moderate "
    "enhancement in 11 of 14, thalamus and brainstem in 12 of 14",
    "koeller2004": "Koeller KK, Rushing EJ. Pilocytic astrocytoma. RadioGraphics 2004;24:1693",
    "cbtrus": "Ostrom QT et al. CBTRUS statistical report 2015-2019. Neuro-Oncology 2022;24 (Suppl 5):v1",
    "jennings": "Jennings MT et al. Intracranial germ-cell tumors. J Neurosurg 1985;63:155 (sites, ages, bifocal 6 %)",
    "liang": "Liang L et al. MRI of intracranial germ-cell tumours. Neuroradiology 2002;44:382",
    "fujimaki": "Fujimaki T et al. CT and MRI features of intracranial germ cell tumors. J Neurooncol 1994;19:217",
    "moon": "Moon WK et al. Germinomas of the basal ganglia and thalamus. AJR 1994;162:1413. 10 patients: all male, "
    "second decade; mostly 4-7 cm; mostly cystic 5, solid with cysts 4, solid 1; haemorrhage 7; oedema minimal",
    "smith2010": "Smith AB et al. Lesions of the pineal region. RadioGraphics 2010;30:2001",
    "ho": "Ho VB et al. Radiologic-pathologic correlation: hemangioblastoma. AJNR 1992;13:1343; types as in "
    "neurosurgical texts: cyst 5 %, cyst with mural nodule 60 %, solid 26 %, solid with small cysts 9 %",
    "yuh": "Yuh EL, Barkovich AJ, Gupta N. Imaging of ependymomas. Childs Nerv Syst 2009;25:1203",
    "koeller2003": "Koeller KK, Rushing EJ. Medulloblastoma. RadioGraphics 2003;23:1613",
    "sartoretti": "Sartoretti-Schefer S et al. MR differentiation of craniopharyngiomas. AJNR 1997;18:77",
    "lee2016": "Lee IH et al. Craniopharyngiomas: radiological differentiation of two types. J Korean Neurosurg Soc "
    "2016;59:466. 38 patients: adamantinomatous 30, calcified 25, bright on T1 24, cystic 37",
    "smith2013": "Smith AB et al. Intraventricular neoplasms. RadioGraphics 2013;33:21",
    "paper": "METHOD.md, section 5: 249 patients, 135 male, 114 female, age 4-86 (43.7 +- 19.7), deep tumours",
}

N = 249  # [paper]
AGES: Range = (4, 86)  # [paper]
SHARES: dict[str, float] = {"glioma": 0.42, "pcnsl": 0.26, "germinoma": 0.13, "other": 0.19}
"""Of the classes. [choice]: the paper does not give them; chosen so that the ages of the entities below, which are the
literature's, come to the mean age that it gives."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a tumour grows: an ellipsoid of centres, mirrored to either side unless it is of the midline. [choice].

    Attributes:
        centre_mm: RAS+ mm in MNI152, on the right.
        spread_mm: half axes of the ellipsoid.
        midline: not mirrored; may cross the midline.
        bulge_mm: how far beyond the brain's own outline it may reach, in the cistern; the brain's mask then holds it.
    """

    centre_mm: tuple[float, float, float]
    spread_mm: tuple[float, float, float]
    midline: bool = False
    bulge_mm: int = 0


THALAMUS = Place(centre_mm=(13, -18, 8), spread_mm=(4, 7, 5))
BASAL_GANGLIA = Place(centre_mm=(23, 4, 5), spread_mm=(6, 10, 8))
INSULA = Place(centre_mm=(36, 4, 2), spread_mm=(5, 12, 8))
FRONTAL = Place(centre_mm=(26, 30, 24), spread_mm=(9, 13, 11))
PARIETAL = Place(centre_mm=(28, -42, 34), spread_mm=(8, 13, 11))
TEMPORAL = Place(centre_mm=(44, -22, -10), spread_mm=(7, 14, 6))
FRONTAL_HORN = Place(centre_mm=(19, 26, 14), spread_mm=(5, 8, 7))
TRIGONE = Place(centre_mm=(27, -42, 16), spread_mm=(5, 8, 7))
GENU = Place(centre_mm=(0, 27, 8), spread_mm=(5, 4, 5), midline=True)
SPLENIUM = Place(centre_mm=(0, -38, 14), spread_mm=(5, 4, 5), midline=True)
PONS = Place(centre_mm=(0, -26, -34), spread_mm=(4, 3, 6), midline=True)
MIDBRAIN = Place(centre_mm=(5, -23, -12), spread_mm=(3, 4, 4))
PINEAL = Place(centre_mm=(0, -31, 2), spread_mm=(1.5, 2, 2), midline=True)
SUPRASELLAR = Place(centre_mm=(0, 1, -15), spread_mm=(2, 3, 3), midline=True, bulge_mm=7)
HYPOTHALAMUS = Place(centre_mm=(0, -3, -9), spread_mm=(2, 3, 3), midline=True, bulge_mm=4)
FOURTH_VENTRICLE = Place(centre_mm=(0, -45, -32), spread_mm=(2, 3, 4), midline=True)
VERMIS = Place(centre_mm=(0, -54, -30), spread_mm=(4, 4, 5), midline=True)
CEREBELLUM = Place(centre_mm=(25, -62, -36), spread_mm=(9, 8, 7))
SEPTUM = Place(centre_mm=(6, 4, 17), spread_mm=(3, 8, 3))


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """One kind of tumour of a class.

    Attributes:
        name: for the record.
        share: within its class.
        places: with their shares.
        patterns: with their shares.
        volume_ml: median, and standard deviation of its logarithm.
        volume_limits_ml: smaller and larger ones are not drawn.
        age: mean and standard deviation, years.
        male: share of men.
        irregularity: amplitude of the outline's undulation, share of the radius.
        along_white_matter: how much easier white matter is to grow in than grey.
        into_fluid: above 0 the ventricles and cisterns hold it back, below 0 it grows in them.
        softness_mm: width of its margin.
        enhancement: of its enhancing tissue, white matter = 1.
        texture: standard deviation of the tissue.
        rim_mm: thickness of a ring.
        fluid: intensity of necrosis and cysts, white matter = 1.
        bright_fluid: share whose cysts are bright (protein, blood).
        cysts: number of cysts where it is multicystic.
        cyst_size: radius of such a cyst, share of the tumour's radius.
        calcified: share with dark spots.
        haemorrhage: share with bright spots.
        oedema: widths in mm, with their shares.
        mass_effect: how far the surroundings are pushed, share of the radius.
        second: share of patients with a second lesion.
        second_places: where it lies.
        hydrocephalus: share of patients with wide ventricles.
    """

    name: str
    share: float
    places: tuple[tuple[Place, float], ...]
    patterns: tuple[tuple[Pattern, float], ...]
    volume_ml: Range
    volume_limits_ml: Range
    age: Range
    male: float
    irregularity: Range
    along_white_matter: Range = (0.0, 0.3)  # [choice]
    into_fluid: Range = (0.4, 0.9)  # [choice]
    softness_mm: Range = (0.5, 1.0)  # [choice]
    enhancement: Range
    texture: Range = (0.03, 0.08)  # [choice]
    rim_mm: Range = (2.0, 5.0)  # [choice]
    fluid: Range = (0.35, 0.6)  # [choice]
    bright_fluid: float = 0.0
    cysts: tuple[int, int] = (2, 6)  # [choice]
    cyst_size: Range = (0.15, 0.35)  # [choice]
    calcified: float = 0.0
    haemorrhage: float = 0.0
    oedema: tuple[tuple[Range, float], ...] = (((0.0, 0.0), 1.0),)
    mass_effect: Range = (0.1, 0.3)  # [choice]
    second: float = 0.0
    second_places: tuple[tuple[Place, float], ...] = ()
    hydrocephalus: float = 0.0


ENTITIES: dict[str, tuple[Entity, ...]] = {
    "glioma": (
        Entity(
            name="glioblastoma",
            share=0.58,  # [cbtrus] about half of the malignant gliomas of adults
            places=(
                (THALAMUS, 0.17), (BASAL_GANGLIA, 0.17), (GENU, 0.06), (SPLENIUM, 0.06), (FRONTAL, 0.16),
                (PARIETAL, 0.13), (TEMPORAL, 0.14), (INSULA, 0.07), (MIDBRAIN, 0.04),
            ),  # [paper] deep tumours; shares [choice]; callosum: butterfly [rees]
            patterns=(("ring", 0.85), ("solid", 0.09), ("patchy", 0.04), ("none", 0.02)),  # [gbm1149]
            volume_ml=(26.0, 0.6),  # [choice]
            volume_limits_ml=(4.0, 110.0),  # [choice]
            age=(58, 12),  # [cbtrus] median 65 in a population, younger in biopsy series [choice]
            male=0.60,  # [cbtrus]
            irregularity=(0.14, 0.34),  # irregular, shaggy [rees] [smirniotopoulos]
            along_white_matter=(0.1, 0.6),  # spreads along white matter tracts [rees]
            enhancement=(1.2, 1.75),
            texture=(0.06, 0.16),  # heterogeneous [rees]
            rim_mm=(2.0, 7.0),  # thick, irregular wall [smirniotopoulos]
            haemorrhage=0.2,  # [rees] in words
            oedema=(((6, 18), 0.8), ((2, 6), 0.17), ((0, 0), 0.03)),  # considerable [rees]; shares [choice]
            mass_effect=(0.15, 0.4),  # marked [rees]
            second=0.10,  # multifocal; [choice]
            second_places=((FRONTAL, 0.3), (PARIETAL, 0.3), (TEMPORAL, 0.2), (SPLENIUM, 0.2)),  # [choice]
        ),
        Entity(
            name="diffuse midline glioma",
            share=0.20,  # [choice]: frequent among deep biopsied gliomas
            places=((THALAMUS, 0.43), (PONS, 0.37), (MIDBRAIN, 0.20)),  # [banan] [dmg2022]
            patterns=(("ring", 0.40), ("patchy", 0.40), ("none", 0.20)),  # between [thust] and [dmg2022]
            volume_ml=(18.0, 0.5),  # [choice]
            volume_limits_ml=(4.0, 60.0),  # [choice]
            age=(27, 15),  # [thust] median 19, with the children of [banan] and older adults
            male=0.50,  # [choice]
            irregularity=(0.08, 0.28),  # [dmg2022] regular in the midline, irregular beyond
            along_white_matter=(0.0, 0.4),
            softness_mm=(1.0, 2.5),  # ill defined [dmg2022]
            enhancement=(1.05, 1.5),  # weaker than glioblastoma [banan]
            texture=(0.04, 0.12),
            rim_mm=(1.5, 5.0),
            haemorrhage=0.1,  # [choice]
            oedema=(((0, 0), 0.7), ((2, 8), 0.3)),  # little [banan]
            mass_effect=(0.1, 0.35),
            hydrocephalus=0.25,  # [choice]
        ),
        Entity(
            name="diffuse glioma of lower grade",
            share=0.14,  # [choice]
            places=((FRONTAL, 0.32), (TEMPORAL, 0.22), (INSULA, 0.24), (THALAMUS, 0.12), (BASAL_GANGLIA, 0.10)),
            patterns=(("none", 0.70), ("patchy", 0.30)),  # [scott] [smirniotopoulos]
            volume_ml=(32.0, 0.6),  # [choice]
            volume_limits_ml=(5.0, 110.0),  # [choice]
            age=(42, 13),  # [cbtrus]
            male=0.56,  # [cbtrus]
            irregularity=(0.10, 0.3),
            along_white_matter=(0.2, 0.6),
            softness_mm=(1.5, 3.5),  # infiltrating, blurred margin [smirniotopoulos]
            enhancement=(1.0, 1.35),
            calcified=0.2,  # oligodendroglioma; [choice]
            oedema=(((0, 0), 0.8), ((2, 5), 0.2)),  # [choice]
            mass_effect=(0.05, 0.25),
        ),
        Entity(
            name="pilocytic astrocytoma",
            share=0.08,  # [choice]
            places=((CEREBELLUM, 0.4), (VERMIS, 0.2), (HYPOTHALAMUS, 0.2), (THALAMUS, 0.1), (MIDBRAIN, 0.1)),
            # cerebellum 60 %, then chiasm and hypothalamus [koeller2004]
            patterns=(("nodule", 0.40), ("ring", 0.25), ("solid", 0.17), ("multicystic", 0.18)),  # [koeller2004]
            volume_ml=(16.0, 0.6),  # [choice]
            volume_limits_ml=(3.0, 70.0),  # [choice]
            age=(14, 8),  # first two decades [koeller2004]
            male=0.5,  # [koeller2004]
            irregularity=(0.03, 0.15),  # well circumscribed [koeller2004]
            enhancement=(1.3, 1.75),
            calcified=0.15,  # [koeller2004] about 20 %
            mass_effect=(0.2, 0.45),
            hydrocephalus=0.3,  # [choice]
        ),
    ),
    "pcnsl": (
        Entity(
            name="diffuse large B-cell lymphoma",
            share=1.0,
            places=(
                (FRONTAL_HORN, 0.16), (TRIGONE, 0.16), (GENU, 0.09), (SPLENIUM, 0.11), (BASAL_GANGLIA, 0.20),
                (THALAMUS, 0.10), (CEREBELLUM, 0.09), (PARIETAL, 0.05), (MIDBRAIN, 0.04),
            ),  # [buhring] [haldorsen]; beside CSF in nearly all
            patterns=(("solid", 0.87), ("patchy", 0.07), ("ring", 0.06)),  # [haldorsen]; necrosis rare [buhring]
            volume_ml=(9.0, 0.7),  # [buhring] 19.9 mm on average with satellites; the main one is larger [choice]
            volume_limits_ml=(1.2, 55.0),  # [choice]
            age=(61, 12),  # [buhring] median 63
            male=0.55,  # [buhring] 60 %, [cbtrus] about 50 %
            irregularity=(0.05, 0.22),  # round to lobulated, sometimes notched [koeller1997]
            along_white_matter=(0.0, 0.5),  # along the callosum and the ependyma [koeller1997]
            into_fluid=(0.3, 0.8),
            softness_mm=(0.6, 1.4),
            enhancement=(1.3, 1.8),  # strong [haldorsen]
            texture=(0.015, 0.05),  # homogeneous [haldorsen]
            rim_mm=(4.0, 8.0),  # thick where there is necrosis [choice]
            haemorrhage=0.03,  # rare [koeller1997]
            oedema=(((8, 16), 0.6), ((3, 8), 0.275), ((0, 0), 0.125)),  # [buhring]
            mass_effect=(0.05, 0.2),  # less than its size suggests [koeller1997]
            second=0.375,  # [buhring]
            second_places=((FRONTAL_HORN, 0.3), (TRIGONE, 0.3), (BASAL_GANGLIA, 0.2), (CEREBELLUM, 0.2)),  # [buhring]
        ),
    ),
    "germinoma": (
        Entity(
            name="pineal germinoma",
            share=0.45,  # [jennings]
            places=((PINEAL, 1.0),),
            patterns=(("solid", 0.6), ("multicystic", 0.4)),  # [liang] [fujimaki] in words: cysts are frequent
            volume_ml=(6.5, 0.5),  # [choice]
            volume_limits_ml=(1.2, 25.0),  # [choice]
            age=(16, 6),  # [jennings] peak at 10-14, 90 % below 20-25
            male=0.92,  # [jennings] [smith2010]
            irregularity=(0.06, 0.2),  # lobulated [smith2010]
            into_fluid=(-0.3, 0.1),  # grows into third ventricle and cistern [smith2010]
            enhancement=(1.25, 1.7),  # strong [smith2010]
            texture=(0.02, 0.07),
            cysts=(1, 4),
            cyst_size=(0.12, 0.3),
            calcified=0.5,  # the gland's own calcification, engulfed [smith2010]
            oedema=(((0, 0), 0.7), ((1, 4), 0.3)),  # [choice]
            mass_effect=(0.1, 0.35),
            second=0.12,  # bifocal [jennings] 6 % of all germ-cell tumours
            second_places=((SUPRASELLAR, 1.0),),  # [jennings]
            hydrocephalus=0.6,  # [smith2010] in words
        ),
        Entity(
            name="suprasellar germinoma",
            share=0.30,  # [jennings]
            places=((SUPRASELLAR, 0.75), (HYPOTHALAMUS, 0.25)),
            patterns=(("solid", 0.65), ("multicystic", 0.35)),  # [liang] [fujimaki] in words
            volume_ml=(5.0, 0.5),  # [choice]
            volume_limits_ml=(1.2, 20.0),  # [choice]
            age=(15, 6),  # [jennings]
            male=0.45,  # women slightly more often [jennings]
            irregularity=(0.06, 0.2),
            into_fluid=(-0.4, 0.0),  # fills the cistern [choice]
            enhancement=(1.25, 1.7),
            texture=(0.02, 0.07),
            cysts=(1, 4),
            cyst_size=(0.12, 0.3),
            calcified=0.03,  # rare, unlike craniopharyngioma [fujimaki]
            mass_effect=(0.1, 0.3),
            hydrocephalus=0.2,  # [choice]
        ),
        Entity(
            name="germinoma of the basal ganglia",
            share=0.25,  # [choice]: 5-10 % of germinomas, more in East Asia and among deep biopsied tumours
            places=((BASAL_GANGLIA, 0.8), (THALAMUS, 0.2)),  # [moon]
            patterns=(("multicystic", 0.82), ("solid", 0.08), ("patchy", 0.10)),  # [moon]; early faint ones [choice]
            volume_ml=(22.0, 0.6),  # [moon] mostly 4-7 cm, smaller ones are biopsied today [choice]
            volume_limits_ml=(4.0, 90.0),  # [choice]
            age=(14, 5),  # [moon]
            male=0.93,  # [moon]
            irregularity=(0.1, 0.26),
            enhancement=(1.1, 1.6),  # heterogeneous [moon]
            texture=(0.05, 0.12),
            fluid=(0.4, 0.75),  # above CSF [moon]
            cysts=(3, 9),
            cyst_size=(0.15, 0.45),  # half of them mostly cystic [moon]
            calcified=0.2,  # [moon] 2 of 9
            haemorrhage=0.6,  # [moon] 7 of 10
            oedema=(((0, 0), 0.6), ((1, 4), 0.4)),  # minimal [moon]
            mass_effect=(0.0, 0.2),  # little for its size; [choice]
        ),
    ),
    "other": (
        Entity(
            name="haemangioblastoma",
            share=0.24,  # shares of the rare ones: [choice]
            places=((CEREBELLUM, 0.75), (VERMIS, 0.15), (PONS, 0.10)),  # [ho]
            patterns=(("nodule", 0.62), ("solid", 0.28), ("multicystic", 0.10)),  # [ho]
            volume_ml=(14.0, 0.6),  # [choice]
            volume_limits_ml=(2.0, 60.0),  # [choice]
            age=(42, 14),  # [ho]
            male=0.58,  # [ho] slight male predominance
            irregularity=(0.03, 0.12),
            enhancement=(1.5, 2.0),  # intense [ho]
            texture=(0.02, 0.08),
            fluid=(0.3, 0.5),
            oedema=(((0, 0), 0.6), ((2, 6), 0.4)),  # [choice]
            mass_effect=(0.15, 0.4),
            hydrocephalus=0.4,  # [choice]
        ),
        Entity(
            name="ependymoma",
            share=0.18,
            places=((FOURTH_VENTRICLE, 0.8), (TRIGONE, 0.2)),  # [yuh] infratentorial in two thirds and more
            patterns=(("multicystic", 0.6), ("solid", 0.4)),  # heterogeneous [yuh]
            volume_ml=(15.0, 0.5),  # [choice]
            volume_limits_ml=(3.0, 60.0),  # [choice]
            age=(24, 18),  # two peaks, children and adults [yuh]
            male=0.54,  # [cbtrus]
            irregularity=(0.08, 0.22),
            into_fluid=(-0.8, -0.2),  # plastic, fills the ventricle [yuh]
            enhancement=(1.05, 1.55),  # variable [yuh]
            texture=(0.08, 0.18),
            calcified=0.5,  # [yuh]
            haemorrhage=0.15,  # [yuh] in words
            mass_effect=(0.15, 0.35),
            hydrocephalus=0.6,  # [choice]
        ),
        Entity(
            name="medulloblastoma",
            share=0.14,
            places=((VERMIS, 0.8), (CEREBELLUM, 0.2)),  # [koeller2003]
            patterns=(("solid", 0.6), ("multicystic", 0.4)),  # cysts and necrosis 40-50 % [koeller2003]
            volume_ml=(22.0, 0.4),  # [choice]
            volume_limits_ml=(6.0, 60.0),  # [choice]
            age=(12, 9),  # [koeller2003] three quarters are children
            male=0.63,  # [koeller2003]
            irregularity=(0.05, 0.18),
            into_fluid=(-0.4, 0.1),
            enhancement=(1.15, 1.65),
            texture=(0.05, 0.14),  # heterogeneous [koeller2003]
            cysts=(1, 5),
            calcified=0.2,  # [koeller2003]
            oedema=(((0, 0), 0.5), ((2, 6), 0.5)),  # [choice]
            mass_effect=(0.15, 0.35),
            hydrocephalus=0.7,  # [koeller2003] in words
        ),
        Entity(
            name="adamantinomatous craniopharyngioma",
            share=0.16,
            places=((SUPRASELLAR, 0.9), (HYPOTHALAMUS, 0.1)),
            patterns=(("ring", 0.65), ("multicystic", 0.35)),  # cystic [lee2016] [sartoretti]
            volume_ml=(11.0, 0.6),  # [choice]
            volume_limits_ml=(2.0, 50.0),  # [choice]
            age=(20, 16),  # first peak in children [lee2016]
            male=0.5,  # [choice]
            irregularity=(0.05, 0.18),  # lobulated [sartoretti]
            into_fluid=(-0.4, 0.0),
            enhancement=(1.2, 1.65),
            texture=(0.05, 0.14),
            rim_mm=(1.0, 3.5),
            fluid=(0.35, 0.6),
            bright_fluid=0.7,  # [lee2016] 22 of 30 bright on T1
            calcified=0.83,  # [lee2016] 25 of 30
            mass_effect=(0.15, 0.35),
            hydrocephalus=0.3,  # [choice]
        ),
        Entity(
            name="papillary craniopharyngioma",
            share=0.06,
            places=((SUPRASELLAR, 0.6), (HYPOTHALAMUS, 0.4)),
            patterns=(("solid", 0.7), ("multicystic", 0.3)),  # [sartoretti]
            volume_ml=(7.0, 0.5),  # [choice]
            volume_limits_ml=(2.0, 25.0),  # [choice]
            age=(50, 12),  # adults [lee2016]
            male=0.5,  # [choice]
            irregularity=(0.03, 0.12),
            into_fluid=(-0.4, 0.0),
            enhancement=(1.25, 1.65),
            cysts=(1, 3),
            mass_effect=(0.1, 0.3),
        ),
        Entity(
            name="central neurocytoma",
            share=0.12,
            places=((SEPTUM, 1.0),),  # at the septum and the foramen of Monro [smith2013]
            patterns=(("multicystic", 0.85), ("solid", 0.15)),  # bubbly [smith2013]
            volume_ml=(16.0, 0.5),  # [choice]
            volume_limits_ml=(3.0, 55.0),  # [choice]
            age=(30, 10),  # third decade [smith2013]
            male=0.5,  # [smith2013]
            irregularity=(0.05, 0.16),
            into_fluid=(-1.2, -0.6),  # inside the ventricle
            enhancement=(1.0, 1.4),  # moderate [smith2013]
            texture=(0.04, 0.1),
            cysts=(5, 12),
            cyst_size=(0.1, 0.22),
            calcified=0.5,  # [smith2013]
            mass_effect=(0.1, 0.3),
            hydrocephalus=0.6,  # [smith2013] in words
        ),
        Entity(
            name="pineal parenchymal tumour",
            share=0.10,
            places=((PINEAL, 1.0),),
            patterns=(("solid", 0.6), ("multicystic", 0.4)),  # [smith2010]
            volume_ml=(6.0, 0.5),  # [choice]
            volume_limits_ml=(1.2, 25.0),  # [choice]
            age=(36, 15),  # [smith2010] pineocytoma of adults
            male=0.5,  # [smith2010]
            irregularity=(0.04, 0.16),
            into_fluid=(-0.3, 0.1),
            enhancement=(1.2, 1.65),
            texture=(0.03, 0.09),
            cysts=(1, 4),
            calcified=0.4,  # dispersed at the rim [smith2010]
            mass_effect=(0.1, 0.3),
            hydrocephalus=0.5,  # [smith2010] in words
        ),
    ),
}  # fmt: skip
"""Class -> its entities; shares of a class sum to 1."""

OEDEMA_DEPTH: Range = (0.18, 0.40)  # [choice]: as dark as grey matter or darker
SHINES_THROUGH: Range = (0.2, 0.5)  # [choice]: of the tissue that hardly enhancing tumours infiltrate
DARK_TISSUE: Range = (0.55, 0.80)  # [choice]: intensity of tumour that does not enhance
BRIGHT_FLUID: Range = (0.95, 1.35)  # [choice]: protein, blood
BLOOD: Range = (1.2, 1.6)  # [choice]
CALCIUM = 0.2  # [choice]
NODULE: Range = (0.3, 0.5)  # [choice]: radius of a mural nodule, share of the tumour's radius
SATELLITE: Range = (0.1, 0.6)  # [choice]: volume of a second lesion, share of one drawn like the first

# Shape, all [choice]; lengths are shares of the tumour's radius.
ELONGATION = 0.2  # logarithm of the axes' ratio
OUTLINE: tuple[tuple[float, float], ...] = ((0.8, 1.0), (0.25, 0.35))
"""Scale of an undulation and its share of the entity's irregularity."""
FALX = 0.5  # how strongly the midline holds back what does not grow in the callosum
CALCIUM_SIZE: Range = (0.06, 0.2)
CALCIUM_SPOTS = (1, 4)
BLOOD_SIZE: Range = (0.08, 0.22)
BLOOD_SPOTS = (1, 3)
PATCHES: Range = (0.2, 0.9)  # standard deviations of smooth noise above which a patch enhances
WALL_SHARE = 0.4  # of cysts with a nodule whose wall enhances faintly
WALL = 0.4  # of the nodule's enhancement

# Anatomy, all [choice]: what remains after SyN to a template, and how the tissues look on T1-CE.
WARP_MM: tuple[tuple[float, Range], ...] = ((36.0, (0.8, 2.8)), (14.0, (0.3, 1.0)))
"""Smoothness (knots of a B-spline, mm) and amplitude (standard deviation, mm) of the two random velocity fields."""
VENTRICLES_MM: Range = (-0.6, 1.2)  # widening (below 0: narrowing) at 20 years
VENTRICLES_PER_YEAR_MM = 0.025  # they widen with age
HYDROCEPHALUS_MM: Range = (2.0, 4.5)
INDIVIDUAL: Range = (0.25, 0.5)  # how far the folding departs from the template's probabilities
GREY: Range = (0.66, 0.88)  # grey matter, white matter = 1
FLUID: Range = (0.22, 0.42)
TEMPLATE_DETAIL: Range = (0.25, 0.7)  # share of the template's own T1, which knows the deep nuclei
VESSELS: Range = (0.3, 1.1)  # enhancement of vessels in the sulci
CHOROID: Range = (0.2, 0.8)  # of choroid plexus and of the great veins
GLANDS: Range = (0.1, 0.6)  # of pineal gland and stalk, which enhance normally
STRIPPING_MM = 1.0  # standard deviation of the error of the brain's outline, inwards

# Acquisition, all [choice].
BIAS: Range = (0.0, 0.08)  # standard deviation of the logarithm, left after N4
BIAS_MM = 50.0
NOISE: Range = (0.008, 0.05)  # Rician, white matter = 1; of a voxel of 1 mm, less in thick slices
BLUR_MM: Range = (0.3, 0.7)  # of an isotropic scan, resampled once
THICK_SHARE = 0.4  # of scans with thick slices
THICK_MM: Range = (2.5, 6.0)
THICK_AXES: tuple[float, float, float] = (0.2, 0.15, 0.65)  # sagittal, coronal, axial
SCALE: Range = (300.0, 1200.0)  # scanner's value of white matter
