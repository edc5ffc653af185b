"""What the scanner operator's words for a series say: weighting, and contrast agent given or not.

English, German, French, Spanish, Italian, Portuguese, Dutch, Polish, Scandinavian, Turkish, Russian, Chinese, Japanese
and Korean; abbreviations as they are used at scanners.
"""

from __future__ import annotations

import re
import unicodedata

_ACCENTS = str.maketrans("àâäáãåąçćčèéêëęěğíîïıłñńóôöõøřśšşùúûüůýžźż", "aaaaaaaccceeeeeegiiiilnnooooorsssuuuuuyzzz")
_MINUS = re.compile(r"\(\s*[-\u2212\u2013]\s*\)|(?<![a-z])c ?-(?![a-z0-9])")  # Gd(-), T1 C-
_SEPARATORS = re.compile(r"[\s_\-/.,:;()\[\]*^&|]+")

# Latin letters only, not \b: a Chinese or Japanese word may stand right beside, and digits too ("t1gd").
_L, _R = "(?<![a-z])", "(?![a-z])"
_AGENT = (
    r"(?:(?<!phase )contrast[a-z]*|kontrast[a-z]*|km|mdc|m d c|gd(?:dtpa)?|gad(?:o[a-z]*|avist)?|enhanc[a-z]*|ce|civ"
    r"|pdc|inj(?:ect[a-z]*)?|dotarem|magnevist|prohance|omniscan|multihance|clariscan|elucirem|vueway|gadovist"
    r"|bolus(?! ?track))"
)
_EAST_ASIAN = "增强|增強|増強|强化|強化|造影|对比剂|對比劑|조영"
_RUSSIAN = r"контраст[а-я]*|гадолин[а-я]*|(?<![а-я])ку(?![а-я])"
_NO = (
    "without|wo|w o|no|non|pre|before|ohne|vor|sans|avant|sin|antes|senza|prima|sem|zonder|voor|bez|przed|uden|utan"
    "|fore|for"
)
_NOT_THE_AGENT = r"(?! ?(?:op|fossa|surg|chir|rt|tx|process|[0-9]))"  # after an operation

_WITHOUT = re.compile(
    rf"{_L}(?:{_NO}) ?(?:iv |le |la |l |de |do |da |del |della |dello |il |el |produit de |mezzo di )*{_AGENT}{_R}"
    rf"|{_L}{_AGENT} neg{_R}|(?:{_EAST_ASIAN}) ?neg{_R}|{_L}c neg{_R}|{_L}kontrasts[iı]z"
    rf"|{_L}(?:nativ[a-z]?|native|natief|unenhanced|plain|noncontrast|basale|blanco|simples?){_R}"
    rf"|{_L}pre{_R}(?! ?(?:op|surg|sat|rt|tx|chir))|{_L}(?:without|wo|w o|s c){_R}(?! ?(?:fs|fat))"
    rf"|(?:{_EAST_ASIAN}) ?前|(?:非|无|無|未)(?:{_EAST_ASIAN})|造影なし|平扫|平掃|単純"
    r"|조영 ?(?:증강 ?)?전|비조영|조영제 ?없"
    rf"|(?<![а-я])(?:без|до) (?:{_RUSSIAN})|бесконтраст[а-я]*|нативн[а-я]*"
)
_WITH = re.compile(
    rf"{_L}{_AGENT}{_R}|t1 ?c{_R}(?! ?spine)|\+ ?c{_R}|{_L}c ?\+|{_L}c c{_R}|{_L}post ?{_AGENT}{_R}|{_L}kontrastl[iı]"
    rf"|{_L}(?:post|apres|dopo|apos|depois|despues|pos){_R}{_NOT_THE_AGENT}"
    rf"|{_EAST_ASIAN}|钆|釓|ガドリニウム|가돌리늄|{_RUSSIAN}"
)
_BOTH = re.compile(
    rf"{_L}(?:w(?:ith)?|mit|avec|con|com|met|med) (?:(?:and|und|et|y|e|en|og|\+) )?"
    rf"(?:w ?o|without|ohne|sans|sin|senza|sem|zonder|uden){_R}"
    rf"|{_L}(?:sin y con|senza e con|sem e com|sans et avec){_R}"
)
_BLOOD_LABELLED = re.compile(rf"{_L}(?:p?c?asl|spin label[a-z]*){_R}")
_T1 = re.compile(
    rf"{_L}(?:[23]d)?[es]?t1(?!\d(?!d))"  # not T1: T12
    rf"|{_L}(?:(?:me ?)?mp ?rage|mp2rage|bravo|(?:ir ?)?f?spgr|(?:star ?)?vibe|e?thrive|lava|tfl){_R}"
)
_OTHERS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        (
            "localiser",
            rf"{_L}(?:loc|lo[ck]ali[sz][a-z]*|scout[a-z]*|survey|aahead|3 ?plan[a-z]*|reperage|ubersicht|pilot[a-z]*"
            rf"|scano[a-z]*|topogram[a-z]*|smartbrain|calibration|asset cal|isocenter){_R}"
            "|定位|位置決め|위치|локали",
        ),
        (
            "diffusion",
            rf"{_L}(?:dwi|dti|adc|diff[a-z]*|difus[a-z]*|dyfuz[a-z]*|trace[a-z]*|tensor){_R}|扩散|弥散|擴散|瀰散|拡散|확산|дифф",
        ),
        (
            "perfusion",
            rf"{_L}(?:perf[a-z]*|dsc|dce|p?c?asl|r?cb[vf]|mtt|ttp|tmax){_R}|灌注|관류|перфуз",
        ),
        ("functional MRI", rf"{_L}(?:bold|fmri|resting){_R}"),
        ("susceptibility", rf"{_L}(?:swi|swan|swip|hemo|susc[a-z]*){_R}|磁敏感|磁化率|자화율"),
        ("angiography", rf"{_L}(?:tof|mra|mrv|angio[a-z]*|venogr[a-z]*|pca){_R}|phase contrast|血管|혈관|ангио"),
        (
            "derived map",
            rf"{_L}(?:sub|subtr[a-z]*|sottraz[a-z]*|sustrac[a-z]*|b0|b1|field ?map[a-z]*|mip|report|screen|phase){_R}"
            rf"|{_L}t1 ?map",
        ),
        ("spectroscopy", rf"{_L}(?:spectr[a-z]*|csi|svs|mrs){_R}|波谱|спектр"),
        ("FLAIR", rf"{_L}(?:flair|tirm|dark ?fluid){_R}"),
        ("T2", rf"{_L}(?:[23]d)?[es]?t2|{_L}(?:ciss|fiesta|stir|haste|trufi|true ?fisp|b ?ffe|b ?tfe|b ?ssfp){_R}"),
        ("proton density", rf"{_L}(?:pd|pdw|proton){_R}"),
    )
)


def plain(description: str) -> str:
    """Small letters without accents and punctuation; full-width letters and the Cyrillic letter of T1 as Latin ones."""
    small = unicodedata.normalize("NFKC", description).casefold().translate(_ACCENTS)
    small = re.sub(r"т(?=[12])", "t", small)
    small = _MINUS.sub(lambda found: " neg " if found[0].startswith("(") else " c neg ", small)
    return _SEPARATORS.sub(" ", small).strip()


def weighting_named(description: str) -> str:
    """T1, another weighting or kind of image (T2, FLAIR, localiser, ...), or nothing where none is named."""
    said = plain(description)
    is_t1 = _T1.search(said) is not None
    for name, pattern in _OTHERS:
        if pattern.search(said) and not (name == "FLAIR" and is_t1):  # T1 FLAIR is a T1
            return name
    return "T1" if is_t1 else ""


def contrast_named(description: str) -> tuple[str, str]:
    """The words for "with contrast agent" and for "without" that stand there; an empty text for each that doesn't."""
    said = plain(description)
    if both := _BOTH.search(said):  # "w/wo" is a name for the examination, not for one of its series
        return both[0], both[0]
    without = _WITHOUT.search(said)
    with_ = _WITH.search(_WITHOUT.sub(" | ", said))
    return (with_[0].strip()[:20] if with_ else "", without[0].strip()[:20] if without else "")


def labels_blood(description: str) -> bool:
    """Whether a perfusion series labels the blood by its spins, and needs no contrast agent."""
    return _BLOOD_LABELLED.search(plain(description)) is not None
