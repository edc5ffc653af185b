"""Chinese sentences of `measurement`."""

SENTENCES: dict[str, str] = {
    "measurement.volume.method": "精细先验 > 0.5 的体素数乘以单个体素体积；所有区域合计。",
    "measurement.regions.method": "体积至少 {least} mL 的连通区域（26 邻域）。",
    "measurement.diameter_long.method": "最大区域在其面积最大的轴位层面上的最长径；轮廓取先验 0.5 处。",
    "measurement.diameter_perp.method": "同一层面上与最长径垂直的最长连续线段。",
    "measurement.tilt": "层面相对扫描仪轴位平面倾斜 {degrees} 度。",
    "measurement.axes.method": "最大区域沿扫描仪各轴的范围：左右、前后、上下。",
    "measurement.side.method": (
        "依据 MNI 空间中的质心以及区域在 x = 0 两侧的占比；较小一侧占比至少 {share} % 即为跨中线。"
    ),
    "measurement.midline_distance.method": "最大区域的质心在 MNI 空间中到 x = 0 的距离，并非患者自身空间。",
    "measurement.location.method": "最大区域的质心，以向右、向前、向上的毫米数表示。",
    "measurement.structures.method": (
        "区域体素在 Desikan-Killiany 图谱各结构中的占比，图谱已变换到患者自身空间；配准良好处误差约 {tolerance} mm，"
        "占位推移处更大。占比低于 {least} % 者未列出；距脑回 6 mm 以内的白质计入该脑叶。"
    ),
    "measurement.ventricle_distance.method": (
        "区域到同一图谱中脑室的最短距离，在患者自身空间测量（误差约 {tolerance} mm）；0 表示接触。"
    ),
    "measurement.eloquent.method": (
        "区域到同一图谱中该结构的最短距离，仅依据解剖标签（误差约 {tolerance} mm）："
        "未评估功能与语言优势半球。图谱不含纤维束。"
    ),
    "measurement.enhancement.method": (
        "在处理后图像的区域内：比患者自身白质亮 {spreads} 个稳健离差以上者为强化；核心为其在轴位层面上所包围的部分，"
        "闭合 {gap} mm 的缺口。环形：核心占比至少 {share} %；几乎无强化：强化体积低于 {least} mL 或区域的 {few} %。"
    ),
    "measurement.midline_shift.method": (
        "按与对称模板的配准，透明隔与第三脑室到大脑镰平面的距离，取较大者。并非直接在图像上测量。"
    ),
}
