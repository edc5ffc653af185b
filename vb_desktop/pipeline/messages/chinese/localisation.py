"""Chinese sentences of the localisation's remarks and grades."""

SENTENCES: dict[str, str] = {
    "tumor_localizer.not_a_vlm": "检测框来自 {name}；没有视觉语言模型查看过该扫描。",
    "tumor_localizer.boxes_outside": "{name} 给出的检测框中有 {count} 个位于脑外或所示层面之外，已舍弃。",
    "tumor_localizer.isolated_slices": (
        "{total} 个检测框中有 {count} 个孤立：相邻层面没有与之相接的框（层面 {slices}）。"
    ),
    "tumor_localizer.unsteady": ("检测框在层面间跳动：平均重叠（IoU）为 {iou:.2f}，稳定的定位至少为 {threshold:.2f}。"),
    "tumor_localizer.area_jumps": "相邻层面间检测框面积变化超过 {factor:g} 倍的层对数：{count}。",
    "tumor_localizer.missing_slices": "检测框之间没有框、以插值补齐的层面数：{count}。",
    "tumor_localizer.several_regions": "检测框构成 {count} 个独立区域；本方法用于单发肿瘤。",
    "evidence.isolated_slices.good": "每个检测框都与相邻层面的框相接。",
    "evidence.unsteady.good": "检测框在层面间稳定（平均重叠 IoU {iou:.2f}）。",
    "evidence.unsteady.none": "没有两个相邻层面均有检测框，无法判断其稳定性。",
    "evidence.area_jumps.good": "检测框面积在层面间平滑变化。",
    "evidence.missing_slices.good": "检测框之间没有需要插值补齐的层面。",
    "evidence.sides.good": "检测框始终位于同侧，且没有互为镜像的框。",
    "evidence.sides.change": "相邻层面间检测框换到对侧的层对数：{count}。",
    "evidence.sides.mirrored": ("{total} 个层面中有 {count} 个层面的两个框互为镜像，如同正常结构（脉络丛、基底节）。"),
    "evidence.several_regions.good": "检测框构成一个区域。",
    "evidence.empty_prior.good": "精细先验包含 {ml:.1f} mL 的区域。",
    "evidence.mlp_agreement.good": "逐体素 MLP 与检测框一致（Dice {dice:.2f}）。",
    "tumor_localizer.mlp_agreement": (
        "逐体素 MLP 与检测框不太一致（Dice {dice:.2f}，通常至少 {threshold:.2f}）：它仅确认框内的 {percent:.0f} %。"
        "检测框可能过大，或肿瘤与正常组织相似。"
    ),
    "tumor_localizer.low_confidence": (
        "没有检测框的置信度高于 {confidence:.2f}；低于 {threshold:.2f} 时，内置检测器约三分之一的区域是错误的。"
    ),
    "tumor_localizer.tau_lowered": (
        "粗定位先验最高仅为 {highest:.2f}，因此 tau 由 {tau:.2f} 降为 {used:.2f}，以便获得肿瘤样本。"
    ),
    "tumor_localizer.no_mlp": "检测框内的脑组织过少（{volume_ml:.2f} mL），无法训练精细化；精细先验即粗定位先验。",
    "tumor_localizer.no_region": "先验处处低于 0.5，因此没有可测量的定位区域。",
    "tumor_localizer.reader_edits": (
        "阅片者修改了检测框：有效框中有 {added} 个由阅片者绘制，原有框中有 {removed} 个被删除或替换。"
    ),
    "tumor_localizer.edits_lost": "因检测框重新生成而失效的修改数：{count}。",
    "tumor_localizer.vlm_unanswered": "{asked} 个层面中，{name} 对 {count} 个未给出可用回答；这些层面没有检测框。",
    "tumor_localizer.vlm_senseless": "{name} 给出的检测框中有 {count} 个无意义，已舍弃。",
    "tumor_localizer.vlm_stride": "查看了 {total} 个层面中的 {asked} 个：先等距抽取，再查看有框层面周围的全部层面。",
}
