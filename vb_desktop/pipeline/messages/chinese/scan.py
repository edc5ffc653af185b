"""Chinese sentences of what was remarked on import and processing."""

SENTENCES: dict[str, str] = {
    "scan_import.files_damaged": "{files} 个文件中有 {count} 个损坏，已略去（按名称排序，第一个是第 {first} 个文件）。",
    "scan_import.files_missing": "DICOMDIR 所列文件中缺少 {count} 个。",
    "scan_import.forms_disagree": "文件对位置有两种描述（qform 与 sform），相差最多 {mm} mm；采用了 {used}。",
    "scan_import.forms_disagree_on_side": (
        "文件的 qform 与 sform 对左右的描述不一致；采用了 {used}。请与原始图像核对左右。"
    ),
    "scan_import.form_unusable": "文件的 {unused} 不可用；采用了 {used}。",
    "scan_import.voxel_size_disagrees": "文件头中的体素大小与 sform 不一致；采用了 sform。",
    "scan_import.units": "文件以 {unit} 表示长度；已换算为毫米。",
    "scan_import.units_unknown": "文件的长度单位未知，按毫米处理；请核对头部大小。",
    "scan_import.no_origin": "文件未说明图像在扫描仪中的位置；左右与大小已知，位置自图像一角起算。",
    "scan_import.far_off": "图像中心距扫描仪中心 {mm} mm；文件头中的位置可能有误。",
    "scan_import.more_data": "文件的图像数据多于文件头所述，文件头中的大小可能有误；请检查图像。",
    "scan_import.axis_names_disagree": "文件中轴的名称与其方向不符；采用了方向。请与原始图像核对左右。",
    "scan_import.filled": "{count} 个体素没有有效数值（NaN 或无穷大），已设为 0。",
    "scan_import.thick_slices": "层面间距为 {mm} mm：小病灶可能遗漏，跨层面的测量较不确定。",
    "scan_import.series_taken": (
        "文件夹中有 {count} 个序列；采用了序列 {number}（{images} 幅图像），因为其余序列不是头部三维 MRI。"
    ),
    "scan_import.copies_left_out": "{count} 个 DICOM 文件是其他文件的副本，已略去。",
    "scan_import.no_contrast_recorded": "DICOM 文件头未记录对比剂；本方法需要增强 T1。",
    "scan_import.name_undecoded": "患者的部分信息无法按文件所述字符集解码；请核对姓名。",
    "scan_import.series_proposed_taken": (
        "文件夹中有 {count} 个序列；采用序列 {number}（{images} 幅图像）作为增强 T1，因为其文件头可能性（{likelihood}）"
        "明显高于其余序列（至多 {next}）。"
    ),
    "scan_import.files_unknown": "{count} 个文件为空或类型未知，已跳过；若属于该序列，则其两端缺少层面。",
    "scan_import.repeats_left_out": "{count} 个层面重复且图像相同；各取其一。",
    "scan_import.lossy": "图像经有损压缩，细微差异可能丢失，或由压缩造成。",
    "scan_import.tilt_removed": "层面以 {degrees} 度倾斜堆叠（机架倾斜）；各层面已在其平面内插值平移到直角网格。",
    "scan_import.slices_left_out": "层面间距为 {mm} mm，而文件头注明 {said} mm：可能仅导出了每第 {nth} 个层面。",
    "scan_import.gap": "层面间距 {mm} mm，层厚 {thickness} mm：其间未成像，或缺少层面。",
    "scan_import.distance_disagrees": "按位置计算层面间距为 {mm} mm，而文件头注明 {said} mm；采用了位置。",
    "scan_import.fewer_than_announced": "文件头注明此次采集有 {announced} 幅图像，实有 {images} 幅：可能缺失一部分。",
    "mri_processor.device_out_of_memory": "{device} 设备的内存不足以进行脑提取，已改用处理器。",
}
