"""Chinese sentences of quality gates, of the diagnosis' remarks and of the case itself."""

SENTENCES: dict[str, str] = {
    "case.research_use": "仅供研究使用，不能替代活检。",
    "case.demo_model": "演示模型，基于合成病例训练：不可用于临床。",
    "case.synthetic": "合成病例：图像中的肿瘤由程序绘制。",
    "gate.kind_of_scan.name": "图像类型",
    "gate.contrast_seen.name": "对比剂",
    "gate.head_coverage.name": "头部覆盖范围",
    "gate.orientation.name": "方位",
    "gate.brain_volume.name": "脑体积",
    "gate.brain_shape.name": "脑形状",
    "gate.template_overlap.name": "与模板的重叠",
    "gate.similarity.name": "相似度",
    "gate.jacobian.name": "形变",
    "gate.kind_of_scan.green": "图像符合 T1：白质比脑脊液亮 {fluid} 个离差，比灰质亮 {grey} 个离差。",
    "gate.kind_of_scan.amber": (
        "图像不太像 T1：白质仅比脑脊液亮 {fluid} 个离差（通常为 1.0 及以上），比灰质亮 {grey} 个离差（0.0 及以上）。"
        "请核对所选序列。"
    ),
    "gate.kind_of_scan.red.modality": "文件头注明为 {modality} 而非 MR：本方法用于 T1 加权 MRI。请选择其他序列。",
    "gate.kind_of_scan.red.ct": (
        "这是 CT：{percent} % 的体素具有空气的 Hounsfield 值。本方法用于 T1 加权 MRI。请选择其他序列。"
    ),
    "gate.kind_of_scan.red.echo": "回波时间 {ms} ms 不符合 T1 加权图像（至多 40 ms）。请选择增强后 T1。",
    "gate.kind_of_scan.red.fluid": (
        "脑脊液比白质亮（{fluid} 个离差；T1 中应更暗）：并非 T1 加权图像。请选择增强后 T1。"
    ),
    "gate.kind_of_scan.red.grey": (
        "灰质比白质亮（{grey} 个离差；T1 至少为 -0.5），类似 FLAIR：并非 T1 加权图像。请选择增强后 T1。"
    ),
    "gate.kind_of_scan.red.no_tissue": "在模板对应位置未见脑组织，无法判断图像类型。请检查脑掩膜与配准。",
    "gate.contrast_seen.green": "可见对比剂：最亮处高出其周围 {value} 个离差（无对比剂时低于 4.4）。",
    "gate.contrast_seen.amber": (
        "几乎未见对比剂：最亮处仅高出 {value} 个离差（有对比剂时为 5.6 及以上）。请确认这是增强后 T1。"
    ),
    "gate.contrast_seen.amber.although_recorded": (
        "几乎未见对比剂，尽管文件头注明 {agent}：最亮处仅高出 {value} 个离差（有对比剂时为 5.6 及以上）。"
        "请确认这是增强后 T1。"
    ),
    "gate.contrast_seen.red": (
        "未见对比剂：最亮处仅高出 {value} 个离差（有对比剂时为 5.6 及以上），而本方法仅用于增强后 T1。请选择该序列。"
    ),
    "gate.contrast_seen.red.although_recorded": (
        "未见对比剂，尽管文件头注明 {agent}：最亮处仅高出 {value} 个离差（有对比剂时为 5.6 及以上）。"
        "这可能是增强前 T1；请选择增强后序列。"
    ),
    "gate.head_coverage.green": "全脑均在扫描范围内：其最平的一端（{where}）比圆形端多 {area} cm2。",
    "gate.head_coverage.amber": (
        "脑的一小部分可能被截去：{where} 端为 {area} cm2 的平面（通常至多 25）。请确认关键部位在扫描范围内。"
    ),
    "gate.head_coverage.amber.outside": (
        "脑的一小部分可能被截去：模板脑的 {percent} % 位于扫描范围之外（通常至多 1 %）。请确认关键部位在扫描范围内。"
    ),
    "gate.head_coverage.red": "脑被截断：{where} 端为 {area} cm2 的平面（至多 50）。请选择包含全头的扫描。",
    "gate.head_coverage.red.outside": (
        "脑被截断：模板脑的 {percent} % 位于扫描范围之外（至多 3 %）。请选择包含全头的扫描。"
    ),
    "gate.orientation.green": "脑的方位与文件头一致（吻合度比翻转后高 {value}）。仅凭图像无法判断左右是否颠倒。",
    "gate.orientation.amber": (
        "无法判断脑的方位（按文件头的吻合度仅比翻转后高 {value}；通常为 0.05 及以上）。请核对前后与上下。"
    ),
    "gate.orientation.amber.side": "文件头对左右的描述自相矛盾，仅凭图像无法判断。使用前请与原始图像核对左右。",
    "gate.orientation.red.upside_down": ("脑的上下与文件头相反，因此左右也可能颠倒。请在来源处纠正方位后重新导入。"),
    "gate.orientation.red.back_to_front": ("脑的前后与文件头相反，因此左右也可能颠倒。请在来源处纠正方位后重新导入。"),
    "gate.orientation.red.both": "脑的上下和前后均与文件头相反。请在来源处纠正方位后重新导入。",
    "gate.orientation.red.axes": (
        "图像的轴被互换：脑的方位与文件头不符，左右也可能颠倒。请在来源处纠正方位后重新导入。"
    ),
    "gate.brain_volume.green": "提取的脑体积为 {value} mL，属常见范围（{low} 至 {high}）。",
    "gate.brain_volume.amber": "提取的脑体积为 {value} mL，常见范围为 {low} 至 {high}：请查看脑掩膜。",
    "gate.brain_volume.red": (
        "提取的脑体积为 {value} mL，完整的脑不可能如此（{low} 至 {high}）：脑掩膜有误。请选择包含全头的扫描。"
    ),
    "gate.brain_shape.green": "提取的脑形状正常：与模板的最大差异为 {value} mL。",
    "gate.brain_shape.amber.missing": "提取的脑可能缺少 {value} mL（通常至多 20）：请查看脑掩膜。",
    "gate.brain_shape.amber.surplus": "提取的脑可能多出 {value} mL 非脑组织（通常至多 20）：请查看脑掩膜。",
    "gate.brain_shape.red.missing": (
        "提取的脑缺少 {value} mL（至多 40）：脑掩膜有误或脑被截断。请查看掩膜；若遗漏肿瘤，请选择其他序列。"
    ),
    "gate.brain_shape.red.surplus": (
        "提取的脑多出 {value} mL 非脑组织（至多 40）：脑掩膜有误。请查看掩膜并选择其他序列。"
    ),
    "gate.template_overlap.green": "配准后的脑与模板吻合良好（Dice {value}）。",
    "gate.template_overlap.amber": "配准后的脑与模板部分吻合（Dice {value}；通常为 0.95 及以上）：请查看两者。",
    "gate.template_overlap.red": (
        "配准后的脑与模板不吻合（Dice {value}；至少 0.90）：位置不可信。请检查脑掩膜与方位。"
    ),
    "gate.similarity.green": "配准后的脑在当前位置与模板最相似（为略微旋转或平移后的 {value} 倍）。",
    "gate.similarity.amber": (
        "配准后的脑与模板的相似度几乎不高于略微旋转或平移后（{value} 倍；通常为 1.10 及以上）：请查看配准。"
    ),
    "gate.similarity.red": (
        "配准后的脑若旋转或平移会与模板更相似（当前位置仅为 {value} 倍；至少 1.00）：配准有误，位置不可信。"
        "请检查脑掩膜与方位。"
    ),
    "gate.jacobian.green": "到模板的形变平滑（{strong} % 的脑被明显拉伸或压缩）。",
    "gate.jacobian.amber": "到模板的形变使 {strong} % 的脑被明显拉伸或压缩（通常至多 0.5 %）：请查看配准。",
    "gate.jacobian.red": "到模板的形变使 {folded} % 的脑发生折叠：位置不可信。请查看脑掩膜。",
    "gate.jacobian.affine": "未使用非线性形变，因此没有局部拉伸或压缩。",
    "diagnosis.intended_use": (
        "本方法用于增强 T1 上单发、深部、拟活检、未经治疗的颅内肿瘤。"
        "它不能将脑膜瘤、转移瘤、脓肿或炎症与这些类别区分开。"
    ),
    "diagnosis.several_regions": "定位到 {n} 个独立区域；本方法用于单发病灶。",
    "diagnosis.superficial": "定位区域的中心位于脑凸面下 {depth_mm:.0f} mm；本方法用于深部病灶。",
    "diagnosis.undecided": "模型无法在 {classes} 之间作出判断：它们均在 90 % 预测集中。",
    "diagnosis.outside_training": (
        "该扫描超出模型训练数据的范围（距离 {score:.2f}，界限 {threshold:.2f}）；其概率不可信。"
    ),
    "diagnosis.ood_not_assessed": "模型不含训练数据的统计量，因此未评估与训练数据的距离。",
    "diagnosis.not_calibrated": "模型未经校准：其概率与预测集的覆盖率未知。",
    "diagnosis.cam_outside": (
        "{name} 的 Grad-CAM 大部分位于定位区域及其邻近之外（{share:.0%} 在内）：模型可能关注了其他部位。"
    ),
    "diagnosis.cam_empty": "最可能类别 {name} 的 Grad-CAM 为空：没有部位支持该类别。",
    "diagnosis.without_prior": "未定位到任何区域；按设置要求对全脑进行了诊断。",
    "diagnosis.outside.brain_ml": ("脑在模板空间中为 {value:.0f} mL；训练病例为 {low:.0f} 至 {high:.0f} mL。"),
    "diagnosis.outside.brain_skewness": ("脑的灰度分布（偏度 {value:.2f}）与训练病例（{low:.2f} 至 {high:.2f}）不同。"),
    "diagnosis.outside.brain_bright": (
        "脑最亮的 0.5 % 始于均值以上 {value:.1f} 个标准差；训练病例为 {low:.1f} 至 {high:.1f}。"
    ),
    "diagnosis.outside.brain_sharpness": (
        "图像比训练病例（{low:.3f} 至 {high:.3f}）更锐利、更多噪声或更模糊（平均梯度每毫米 {value:.3f}）。"
    ),
    "diagnosis.outside.region_ml": ("定位区域在模板空间中为 {value:.1f} mL；训练病例为 {low:.1f} 至 {high:.1f} mL。"),
    "diagnosis.outside.region_lateral_mm": (
        "定位区域位于中线旁 {value:.0f} mm；训练病例为 {low:.0f} 至 {high:.0f} mm。"
    ),
    "diagnosis.outside.region_y_mm": (
        "定位区域位于 y = {value:.0f} mm（前后，MNI）；训练病例为 {low:.0f} 至 {high:.0f} mm。"
    ),
    "diagnosis.outside.region_z_mm": (
        "定位区域位于 z = {value:.0f} mm（高度，MNI）；训练病例为 {low:.0f} 至 {high:.0f} mm。"
    ),
    "diagnosis.outside.region_intensity": (
        "定位区域的亮度（距脑均值 {value:.1f} 个标准差）与训练病例（{low:.1f} 至 {high:.1f}）不同。"
    ),
    "diagnosis.touches_surface": (
        "定位区域达到脑表面：其 {share:.0%} 位于脑凸面 {near_mm:.0f} mm 以内；本方法用于深部病灶。"
    ),
    "diagnosis.age": "患者年龄不在 {youngest} 至 {oldest} 岁之间，即论文中患者的年龄范围。",
    "diagnosis.within_use": "就图像和年龄而言，该病例属于本方法的适用范围。",
    "diagnosis.calibrated": "概率以温度 {temperature:.2f} 缩放，该温度由 {cases} 个留出病例得到。",
    "diagnosis.decided": "90 % 预测集只含一个类别：{classes}。",
    "diagnosis.inside_training": ("该扫描的特征位于训练病例的特征范围内（距离 {score:.2f}，界限 {threshold:.2f}）。"),
    "diagnosis.measures_inside": "灰度值以及定位区域的大小与位置在训练病例的范围内。",
    "diagnosis.measures_not_assessed": ("模型未说明其训练病例的灰度值、大小与位置，因此未与本病例比较。"),
    "diagnosis.steady": (
        "将扫描镜像或移动一个体素后类别不变（{name} 概率的标准差：{deviation:.1%}，{copies} 个副本）。"
    ),
    "diagnosis.unsteady": (
        "将扫描镜像或移动一个体素后类别不变，但概率有波动（{name} 的标准差：{deviation:.0%}，{copies} 个副本）。"
    ),
    "diagnosis.unsteady_class": (
        "将扫描镜像或移动一个体素后，{copies} 个副本中有 {others} 个得到其他类别：该回答取决于偶然。"
    ),
    "diagnosis.cam_not_focused": (
        "{name} 的 Grad-CAM 未集中于定位区域：其 {share:.0%} 位于该区域内或距其一个图元（{cell_mm:.0f} mm）以内，"
        "均匀分布的图为 {even:.0%}。模型可能关注了其他部位。"
    ),
    "diagnosis.cam_inside": (
        "{name} 的 Grad-CAM 有 {share:.0%} 位于定位区域内或距其一个图元（{cell_mm:.0f} mm）以内。"
    ),
}
