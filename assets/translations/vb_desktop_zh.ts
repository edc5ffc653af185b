<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN">
<context>
    <name>AppearancePage</name>
    <message>
        <source>Appearance</source>
        <translation>外观</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>浅色</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>主题</translation>
    </message>
    <message>
        <source>Font size</source>
        <translation>字号</translation>
    </message>
    <message>
        <source>The image keeps its black ground in both themes. The window takes the language at once.</source>
        <translation>两种主题下图像均保持黑色背景。窗口立即切换语言。</translation>
    </message>
    <message>
        <source>Put the panels back to their places</source>
        <translation>恢复面板布局</translation>
    </message>
</context>
<context>
    <name>BoxesPanel</name>
    <message>
        <source>Drag: a new box. Click a box: drag it or its handles; Shift+click: a second one.</source>
        <translation>拖动：新建检测框。点击检测框：拖动框或其控制点；Shift+点击：再选一个。</translation>
    </message>
    <message>
        <source>Width × depth. Click a box to see its slice.</source>
        <translation>宽 × 深。点击检测框查看所在层面。</translation>
    </message>
    <message>
        <source>No boxes yet: analyse a scan first.</source>
        <translation>尚无检测框：请先分析一次扫描。</translation>
    </message>
    <message>
        <source>On slice {n}: {what}</source>
        <translation>第 {n} 层：{what}</translation>
    </message>
    <message>
        <source>On slice {n}: no box.</source>
        <translation>第 {n} 层：无检测框。</translation>
    </message>
    <message>
        <source>Correct the boxes</source>
        <translation>修正检测框</translation>
    </message>
    <message>
        <source>Draw, move, resize and delete boxes in template space (F2)</source>
        <translation>在模板空间中绘制、移动、缩放和删除检测框（F2）</translation>
    </message>
    <message>
        <source>Boxes lie in template space (MNI), so correcting shows it.</source>
        <translation>检测框位于模板空间（MNI），因此修正时显示该空间。</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>Take the last correction back (Ctrl+Z)</source>
        <translation>撤销上一次修正（Ctrl+Z）</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>重做</translation>
    </message>
    <message>
        <source>Make it again (Ctrl+Shift+Z)</source>
        <translation>重做（Ctrl+Shift+Z）</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>Take the selected boxes out (Delete)</source>
        <translation>删除所选检测框（Delete）</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Copy the selected box to the slice that is shown (Ctrl+D)</source>
        <translation>将所选检测框复制到当前层面（Ctrl+D）</translation>
    </message>
    <message>
        <source>Fill</source>
        <translation>插值</translation>
    </message>
    <message>
        <source>Interpolate between the two selected boxes (Ctrl+I)</source>
        <translation>在所选的两个检测框之间插值（Ctrl+I）</translation>
    </message>
    <message>
        <source> As corrected: {what}.</source>
        <translation> 修正后：{what}。</translation>
    </message>
    <message>
        <source>drawn by the reader</source>
        <translation>阅片者绘制</translation>
    </message>
    <message>
        <source>confidence {value}</source>
        <translation>置信度 {value}</translation>
    </message>
    <message>
        <source>slice {n}:</source>
        <translation>第 {n} 层：</translation>
    </message>
</context>
<context>
    <name>CanvasBar</name>
    <message>
        <source>Plane</source>
        <translation>平面</translation>
    </message>
    <message>
        <source>One plane, or four views ({key})</source>
        <translation>单平面或四视图（{key}）</translation>
    </message>
    <message>
        <source>Ruler</source>
        <translation>测距</translation>
    </message>
    <message>
        <source>Measure with the left button ({key}); Delete takes the last back</source>
        <translation>用左键测量（{key}）；Delete 撤回最后一条</translation>
    </message>
    <message>
        <source>Radiological convention</source>
        <translation>放射学视图</translation>
    </message>
    <message>
        <source>Fit</source>
        <translation>适合窗口</translation>
    </message>
    <message>
        <source>Show the whole slice</source>
        <translation>显示整个层面</translation>
    </message>
    <message>
        <source>The patient&apos;s right at the left of the screen (radiological convention)</source>
        <translation>患者右侧位于屏幕左侧（放射学视图）</translation>
    </message>
    <message>
        <source>The patient&apos;s right at the right of the screen (neurological convention)</source>
        <translation>患者右侧位于屏幕右侧（神经学视图）</translation>
    </message>
</context>
<context>
    <name>CanvasView</name>
    <message>
        <source>slice {n} of {count}</source>
        <translation>第 {n} / {count} 层</translation>
    </message>
</context>
<context>
    <name>CaseJobs</name>
    <message>
        <source>Writing the report</source>
        <translation>正在撰写报告</translation>
    </message>
    <message>
        <source>Reading the scan</source>
        <translation>正在读取扫描</translation>
    </message>
    <message>
        <source>Listing the series</source>
        <translation>正在列出序列</translation>
    </message>
    <message>
        <source>Analysing</source>
        <translation>正在分析</translation>
    </message>
    <message>
        <source>Updating</source>
        <translation>正在更新</translation>
    </message>
    <message>
        <source>Ready</source>
        <translation>就绪</translation>
    </message>
    <message>
        <source>Cancelled; the case folder is as it was.</source>
        <translation>已取消；病例文件夹保持原样。</translation>
    </message>
</context>
<context>
    <name>CaseWords</name>
    <message>
        <source>Glioma</source>
        <translation>胶质瘤</translation>
    </message>
    <message>
        <source>PCNSL (CNS lymphoma)</source>
        <translation>原发性中枢神经系统淋巴瘤（PCNSL）</translation>
    </message>
    <message>
        <source>Germinoma</source>
        <translation>生殖细胞瘤</translation>
    </message>
    <message>
        <source>Other rare tumour</source>
        <translation>其他罕见颅内肿瘤</translation>
    </message>
    <message>
        <source>The case resembles the training data.</source>
        <translation>该病例与训练数据相似。</translation>
    </message>
    <message>
        <source>The case is unlike the training data.</source>
        <translation>该病例与训练数据不相似。</translation>
    </message>
    <message>
        <source>Whether the case resembles the training data was not assessed.</source>
        <translation>未评估该病例与训练数据是否相似。</translation>
    </message>
    <message>
        <source>Of the localised region (refined prior &gt; 0.5), not a segmentation.</source>
        <translation>针对定位区域（精细先验 &gt; 0.5），并非分割结果。</translation>
    </message>
    <message>
        <source>Volume</source>
        <translation>体积</translation>
    </message>
    <message>
        <source>Separate regions</source>
        <translation>独立区域数</translation>
    </message>
    <message>
        <source>Longest diameter</source>
        <translation>最长径</translation>
    </message>
    <message>
        <source>Perpendicular diameter</source>
        <translation>垂直径</translation>
    </message>
    <message>
        <source>Extent R-L, A-P, S-I</source>
        <translation>左右、前后、上下范围</translation>
    </message>
    <message>
        <source>Distance to midline</source>
        <translation>距中线距离</translation>
    </message>
    <message>
        <source>Side</source>
        <translation>侧别</translation>
    </message>
    <message>
        <source>Centre</source>
        <translation>中心</translation>
    </message>
    <message>
        <source>{first} or {last}</source>
        <translation>{first}或{last}</translation>
    </message>
    <message>
        <source>no class</source>
        <translation>无类别</translation>
    </message>
    <message>
        <source>, </source>
        <comment>between the members of a list</comment>
        <translation>、</translation>
    </message>
    <message>
        <source>The model abstains: the case is unlike its training data.</source>
        <translation>模型不作判断：该病例与其训练数据不相似。</translation>
    </message>
    <message>
        <source>{first} and {last}</source>
        <translation>{first}与{last}</translation>
    </message>
    <message>
        <source>The model can&apos;t decide between {which} on this case.</source>
        <translation>对于该病例，模型无法在{which}之间作出判断。</translation>
    </message>
    <message>
        <source>The model abstains on this case.</source>
        <translation>模型对该病例不作判断。</translation>
    </message>
    <message>
        <source>The 90 % prediction set holds one class: {which}.</source>
        <translation>90 % 预测集仅含一个类别：{which}。</translation>
    </message>
    <message>
        <source> (accepted by {name})</source>
        <translation>（由 {name} 接受）</translation>
    </message>
    <message>
        <source>: </source>
        <comment>after the state of a gate</comment>
        <translation>：</translation>
    </message>
    <message>
        <source>not assessed</source>
        <translation>未评估</translation>
    </message>
    <message>
        <source>, crosses the midline</source>
        <translation>，跨中线</translation>
    </message>
    <message>
        <source> {n} axial slices were looked at.</source>
        <translation> 共查看 {n} 个轴位层面。</translation>
    </message>
    <message>
        <source>No box was marked.</source>
        <translation>未标记任何检测框。</translation>
    </message>
    <message>
        <source>{what}, by: {whose}.</source>
        <translation>{what}，来源：{whose}。</translation>
    </message>
    <message>
        <source>1 box on 1 slice</source>
        <translation>1 个层面上 1 个检测框</translation>
    </message>
    <message>
        <source>{n} boxes on 1 slice</source>
        <translation>1 个层面上 {n} 个检测框</translation>
    </message>
    <message>
        <source>{n} boxes on {slices} slices</source>
        <translation>{slices} 个层面上 {n} 个检测框</translation>
    </message>
    <message>
        <source>volume {a} → {b} mL</source>
        <translation>体积 {a} → {b} mL</translation>
    </message>
    <message>
        <source>no box is left: no diagnosis</source>
        <translation>已无检测框：无诊断</translation>
    </message>
    <message>
        <source>Updated: </source>
        <translation>已更新：</translation>
    </message>
    <message>
        <source>Updated.</source>
        <translation>已更新。</translation>
    </message>
</context>
<context>
    <name>Cine</name>
    <message>
        <source>Run through the slices ({key})</source>
        <translation>连续播放层面（{key}）</translation>
    </message>
    <message>
        <source>Run through the slices</source>
        <translation>连续播放层面</translation>
    </message>
</context>
<context>
    <name>Cursor</name>
    <message>
        <source>value</source>
        <translation>数值</translation>
    </message>
    <message>
        <source>outside the brain</source>
        <translation>脑外</translation>
    </message>
    <message>
        <source>native</source>
        <translation>原始空间</translation>
    </message>
    <message>
        <source>voxel</source>
        <translation>体素</translation>
    </message>
</context>
<context>
    <name>DiagnosisPanel</name>
    <message>
        <source>No diagnosis yet: analyse a scan first.</source>
        <translation>尚无诊断：请先分析一次扫描。</translation>
    </message>
    <message>
        <source>The run ended before the diagnosis: there are no class probabilities.</source>
        <translation>运行在诊断之前结束：没有类别概率。</translation>
    </message>
    <message>
        <source>BOXES</source>
        <translation>检测框</translation>
    </message>
    <message>
        <source>90 % prediction set: {which}.</source>
        <translation>90 % 预测集：{which}。</translation>
    </message>
    <message>
        <source>{share} of the Grad-CAM for {name} lies in the localised region.</source>
        <translation>{name}的 Grad-CAM 有 {share} 位于定位区域内。</translation>
    </message>
    <message>
        <source>The diagnosis is withheld: a quality gate refused the case.</source>
        <translation>诊断未予显示：质量关卡拒绝了该病例。</translation>
    </message>
    <message>
        <source>Accept this gate and go on</source>
        <translation>接受该关卡并继续</translation>
    </message>
    <message>
        <source>The case records who accepted it and when.</source>
        <translation>病例会记录由谁、何时接受。</translation>
    </message>
    <message>
        <source>No tumour was found. This does not mean that there is none.</source>
        <translation>未发现肿瘤。这并不表示没有肿瘤。</translation>
    </message>
    <message>
        <source>Without a box there are no class probabilities and no Grad-CAM.</source>
        <translation>没有检测框就没有类别概率和 Grad-CAM。</translation>
    </message>
    <message>
        <source>MEASURED</source>
        <translation>测量</translation>
    </message>
    <message>
        <source>QUALITY GATES</source>
        <translation>质量关卡</translation>
    </message>
</context>
<context>
    <name>ErrorBar</name>
    <message>
        <source>Choose another scan…</source>
        <translation>选择其他扫描…</translation>
    </message>
    <message>
        <source>Copy details</source>
        <translation>复制详情</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Error: {what}</source>
        <translation>错误：{what}</translation>
    </message>
</context>
<context>
    <name>Evidence</name>
    <message>
        <source>No scan is open.</source>
        <translation>未打开扫描。</translation>
    </message>
    <message>
        <source>No prior yet: analyse a scan first.</source>
        <translation>尚无先验：请先分析一次扫描。</translation>
    </message>
</context>
<context>
    <name>Gates</name>
    <message>
        <source>{n} of {all} passed: {names}.</source>
        <translation>{all} 项中 {n} 项通过：{names}。</translation>
    </message>
</context>
<context>
    <name>ImportPanel</name>
    <message>
        <source>Whole head, native space</source>
        <translation>完整头部，原始空间</translation>
    </message>
    <message>
        <source>Skull already stripped</source>
        <translation>已去颅骨</translation>
    </message>
    <message>
        <source>Already in MNI152 space</source>
        <translation>已在 MNI152 空间</translation>
    </message>
    <message>
        <source>Fast</source>
        <translation>快速</translation>
    </message>
    <message>
        <source>Accurate (many minutes)</source>
        <translation>精确（需多分钟）</translation>
    </message>
    <message>
        <source>Scans (*.nii *.nii.gz *.nrrd *.dcm *.ima *.zip);;All files (*)</source>
        <translation>扫描 (*.nii *.nii.gz *.nrrd *.dcm *.ima *.zip);;所有文件 (*)</translation>
    </message>
    <message>
        <source>Nothing is open.</source>
        <translation>未打开任何内容。</translation>
    </message>
    <message>
        <source>Open a scan…</source>
        <translation>打开扫描…</translation>
    </message>
    <message>
        <source>DICOM or case folder…</source>
        <translation>DICOM 或病例文件夹…</translation>
    </message>
    <message>
        <source>Open the demo case</source>
        <translation>打开演示病例</translation>
    </message>
    <message>
        <source>What was already done to the scan</source>
        <translation>扫描已做过的处理</translation>
    </message>
    <message>
        <source>Brain extraction and registration</source>
        <translation>脑提取与配准</translation>
    </message>
    <message>
        <source>Choose a series of this folder…</source>
        <translation>选择此文件夹中的序列…</translation>
    </message>
    <message>
        <source>Change…</source>
        <translation>更改…</translation>
    </message>
    <message>
        <source>Analyse</source>
        <translation>分析</translation>
    </message>
    <message>
        <source>Open a contrast-enhanced T1 scan first.</source>
        <translation>请先打开增强 T1 扫描。</translation>
    </message>
    <message>
        <source>Open a scan</source>
        <translation>打开扫描</translation>
    </message>
    <message>
        <source>Open a DICOM or case folder</source>
        <translation>打开 DICOM 或病例文件夹</translation>
    </message>
    <message>
        <source>Where to write cases</source>
        <translation>病例写入位置</translation>
    </message>
    <message>
        <source>A new folder for each run, named by date and time.</source>
        <translation>每次运行新建一个文件夹，以日期和时间命名。</translation>
    </message>
    <message>
        <source>WHAT WAS ALREADY DONE TO THE SCAN</source>
        <translation>扫描已做过的处理</translation>
    </message>
    <message>
        <source>BRAIN EXTRACTION AND REGISTRATION</source>
        <translation>脑提取与配准</translation>
    </message>
    <message>
        <source>CASES ARE WRITTEN TO</source>
        <translation>病例写入</translation>
    </message>
</context>
<context>
    <name>ImpressionPanel</name>
    <message>
        <source>YOUR IMPRESSION</source>
        <translation>您的印象</translation>
    </message>
    <message>
        <source>Read first</source>
        <translation>先行阅片</translation>
    </message>
    <message>
        <source>The model&apos;s answer stays hidden until your own impression is recorded</source>
        <translation>在记录您的印象之前，模型的答案保持隐藏</translation>
    </message>
    <message>
        <source>Record an impression…</source>
        <translation>记录印象…</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>请选择…</translation>
    </message>
    <message>
        <source>undecided</source>
        <translation>未定</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>Class</source>
        <translation>类别</translation>
    </message>
    <message>
        <source>Confidence</source>
        <translation>信心</translation>
    </message>
    <message>
        <source>Record</source>
        <translation>记录</translation>
    </message>
    <message>
        <source>recorded before the result</source>
        <translation>在看到结果前记录</translation>
    </message>
    <message>
        <source>recorded after the result</source>
        <translation>在看到结果后记录</translation>
    </message>
    <message>
        <source>{class_name}, confidence {sure} ({when}).</source>
        <translation>{class_name}，信心{sure}（{when}）。</translation>
    </message>
    <message>
        <source>The model&apos;s answer is hidden until your impression is recorded.</source>
        <translation>在记录您的印象之前，模型的答案保持隐藏。</translation>
    </message>
    <message>
        <source>Record and show the answer</source>
        <translation>记录并显示答案</translation>
    </message>
    <message>
        <source>low</source>
        <translation>低</translation>
    </message>
    <message>
        <source>moderate</source>
        <translation>中</translation>
    </message>
    <message>
        <source>high</source>
        <translation>高</translation>
    </message>
</context>
<context>
    <name>KeyReference</name>
    <message>
        <source>Keys</source>
        <translation>快捷键</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
</context>
<context>
    <name>Keys</name>
    <message>
        <source>Open and analyse</source>
        <translation>打开与分析</translation>
    </message>
    <message>
        <source>Open a scan</source>
        <translation>打开扫描</translation>
    </message>
    <message>
        <source>Open a DICOM or case folder</source>
        <translation>打开 DICOM 或病例文件夹</translation>
    </message>
    <message>
        <source>Analyse, or update after corrections</source>
        <translation>分析，或在修正后更新</translation>
    </message>
    <message>
        <source>Print the report</source>
        <translation>打印报告</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>This page</source>
        <translation>本页</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>步骤</translation>
    </message>
    <message>
        <source>Open, Scan, Boxes, Prior, Diagnosis, Report</source>
        <translation>打开、扫描、检测框、先验、诊断、报告</translation>
    </message>
    <message>
        <source>Image</source>
        <translation>图像</translation>
    </message>
    <message>
        <source>Next and previous slice; so do the wheel and the arrow keys</source>
        <translation>上一层与下一层；滚轮和方向键亦可</translation>
    </message>
    <message>
        <source>One plane, or four views</source>
        <translation>单平面或四视图</translation>
    </message>
    <message>
        <source>Automatic window; drag with the right button for another</source>
        <translation>自动窗；按住右键拖动以调整</translation>
    </message>
    <message>
        <source>Run through the slices</source>
        <translation>连续播放层面</translation>
    </message>
    <message>
        <source>Ruler; two lines on a slice give their product</source>
        <translation>测距；同一层面两条线给出乘积</translation>
    </message>
    <message>
        <source>Ctrl+wheel</source>
        <translation>Ctrl+滚轮</translation>
    </message>
    <message>
        <source>Zoom; the middle button moves the image</source>
        <translation>缩放；中键移动图像</translation>
    </message>
    <message>
        <source>Layers</source>
        <translation>图层</translation>
    </message>
    <message>
        <source>Scan, Processed, Boxes, Coarse prior, Refined prior, Grad-CAM</source>
        <translation>扫描、处理后、检测框、粗定位先验、精细先验、Grad-CAM</translation>
    </message>
    <message>
        <source>Two layers side by side</source>
        <translation>两个图层并排</translation>
    </message>
    <message>
        <source>Two layers in turn</source>
        <translation>两个图层交替</translation>
    </message>
    <message>
        <source>Correct the boxes</source>
        <translation>修正检测框</translation>
    </message>
    <message>
        <source>Begin or end correcting</source>
        <translation>开始或结束修正</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>重做</translation>
    </message>
    <message>
        <source>Take the selected boxes, or the last line of the ruler, out</source>
        <translation>删除所选检测框，或最后一条测距线</translation>
    </message>
    <message>
        <source>Copy the selected box to the slice that is shown</source>
        <translation>将所选检测框复制到当前层面</translation>
    </message>
    <message>
        <source>Interpolate between two selected boxes</source>
        <translation>在所选的两个检测框之间插值</translation>
    </message>
</context>
<context>
    <name>LayersPanel</name>
    <message>
        <source>Key {key}</source>
        <translation>按键 {key}</translation>
    </message>
    <message>
        <source>Show: {layer}</source>
        <translation>显示：{layer}</translation>
    </message>
    <message>
        <source>Class of the Grad-CAM</source>
        <translation>Grad-CAM 的类别</translation>
    </message>
    <message>
        <source>Opacity</source>
        <translation>不透明度</translation>
    </message>
    <message>
        <source>Threshold</source>
        <translation>阈值</translation>
    </message>
    <message>
        <source>COMPARE</source>
        <translation>比较</translation>
    </message>
    <message>
        <source>Compare this layer</source>
        <translation>比较此图层</translation>
    </message>
    <message>
        <source>with this layer</source>
        <translation>与此图层</translation>
    </message>
    <message>
        <source>Side by side (F8)</source>
        <translation>并排（F8）</translation>
    </message>
    <message>
        <source>Blink: one, then the other (F9)</source>
        <translation>交替闪烁（F9）</translation>
    </message>
    <message>
        <source>No layer is shown.</source>
        <translation>未显示图层。</translation>
    </message>
</context>
<context>
    <name>Legend</name>
    <message>
        <source>reader</source>
        <translation>阅片者</translation>
    </message>
    <message>
        <source>detector</source>
        <translation>检测器</translation>
    </message>
    <message>
        <source>VLM</source>
        <translation>VLM</translation>
    </message>
    <message>
        <source>black: window&apos;s low end</source>
        <translation>黑：窗的下限</translation>
    </message>
    <message>
        <source>white: high end</source>
        <translation>白：上限</translation>
    </message>
</context>
<context>
    <name>LookingAt</name>
    <message>
        <source>1 (prior)</source>
        <translation>1（先验）</translation>
    </message>
    <message>
        <source>1 (of its highest value)</source>
        <translation>1（相对最高值）</translation>
    </message>
    <message>
        <source>Scan: the image as it was read, in the scanner&apos;s own values.</source>
        <translation>扫描：读入的原始图像，扫描仪自身的数值。</translation>
    </message>
    <message>
        <source>Processed: brain alone, bias removed, in template space (MNI152), as z-scores.</source>
        <translation>处理后：仅脑组织，已校正偏置场，模板空间（MNI152），z 分数。</translation>
    </message>
    <message>
        <source>Boxes: none.</source>
        <translation>检测框：无。</translation>
    </message>
    <message>
        <source>Boxes: one a slice, with its confidence, by: {sources}.</source>
        <translation>检测框：逐层标记，附置信度，来源：{sources}。</translation>
    </message>
    <message>
        <source>Coarse prior: the boxes stacked, smoothed and dilated. Not a segmentation.</source>
        <translation>粗定位先验：检测框叠加、平滑并膨胀。并非分割。</translation>
    </message>
    <message>
        <source>0.5, the localised region</source>
        <translation>0.5，即定位区域</translation>
    </message>
    <message>
        <source>Refined prior: coarse prior and voxel-wise network together; the line lies at {line}.</source>
        <translation>精细先验：粗定位先验与逐体素网络的结合；轮廓线位于 {line}。</translation>
    </message>
    <message>
        <source>the class</source>
        <translation>该类别</translation>
    </message>
    <message>
        <source>Grad-CAM: what raised the model&apos;s score for {whom}. Not where the tumour is.</source>
        <translation>Grad-CAM：使模型对{whom}评分升高的部位，并非肿瘤位置。</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Virtual Biopsy Desktop — Research use only, not a substitute for biopsy</source>
        <translation>Virtual Biopsy Desktop — 仅供研究使用，不能替代活检</translation>
    </message>
    <message>
        <source>A scan is open, not analysed yet.</source>
        <translation>扫描已打开，尚未分析。</translation>
    </message>
    <message>
        <source>Nothing is open.</source>
        <translation>未打开任何内容。</translation>
    </message>
    <message>
        <source>analysed</source>
        <translation>已分析</translation>
    </message>
    <message>
        <source>analysed: no tumour found</source>
        <translation>已分析：未发现肿瘤</translation>
    </message>
    <message>
        <source>analysed: diagnosis withheld</source>
        <translation>已分析：诊断未予显示</translation>
    </message>
    <message>
        <source>analysed in part</source>
        <translation>部分分析</translation>
    </message>
    <message>
        <source>Case {id}, {status} on {date}.</source>
        <translation>病例 {id}，{status}，{date}。</translation>
    </message>
</context>
<context>
    <name>MeasurementsPanel</name>
    <message>
        <source>READER&apos;S MEASUREMENTS</source>
        <translation>阅片者测量</translation>
    </message>
    <message>
        <source>Ruler (F3): drag a line; a second line on the same slice makes two diameters as for RANO.</source>
        <translation>测距（F3）：拖动画线；同一层面上的第二条线构成 RANO 所用的两径。</translation>
    </message>
    <message>
        <source>Reader&apos;s measurements</source>
        <translation>阅片者测量</translation>
    </message>
    <message>
        <source>Take out</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Export as CSV…</source>
        <translation>导出为 CSV…</translation>
    </message>
    <message>
        <source>Export as CSV</source>
        <translation>导出为 CSV</translation>
    </message>
</context>
<context>
    <name>ModelsPage</name>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>present</source>
        <translation>存在</translation>
    </message>
    <message>
        <source>hash as it should be</source>
        <translation>校验值正确</translation>
    </message>
    <message>
        <source>changed: refused</source>
        <translation>已改变：拒绝</translation>
    </message>
    <message>
        <source>missing</source>
        <translation>缺失</translation>
    </message>
    <message>
        <source>Diagnoser</source>
        <translation>诊断模型</translation>
    </message>
    <message>
        <source>Slice detector</source>
        <translation>层面检测器</translation>
    </message>
    <message>
        <source>As installed</source>
        <translation>按安装情况</translation>
    </message>
    <message>
        <source>Installed models</source>
        <translation>已安装的模型</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Where from</source>
        <translation>来源</translation>
    </message>
    <message>
        <source>Compute the hashes anew</source>
        <translation>重新计算校验值</translation>
    </message>
    <message>
        <source>Install a model…</source>
        <translation>安装模型…</translation>
    </message>
    <message>
        <source>Show the folder</source>
        <translation>显示文件夹</translation>
    </message>
    <message>
        <source>A model is a folder with weights (safetensors) and its card, and is refused when the hash differs. An installed one comes before the shipped one of the same name.</source>
        <translation>模型是包含权重（safetensors）及其说明卡的文件夹，校验值不符即被拒绝。用户安装的模型优先于同名的随附模型。</translation>
    </message>
    <message>
        <source>Computing the hashes…</source>
        <translation>正在计算校验值…</translation>
    </message>
    <message>
        <source>Checking the model…</source>
        <translation>正在检查模型…</translation>
    </message>
    <message>
        <source>The model&apos;s card or a zip of the model</source>
        <translation>模型说明卡或模型压缩包</translation>
    </message>
    <message>
        <source>Models (model.json *.zip)</source>
        <translation>模型 (model.json *.zip)</translation>
    </message>
    <message>
        <source>{n} of {all} are missing or changed.</source>
        <translation>{all} 个中有 {n} 个缺失或已改变。</translation>
    </message>
    <message>
        <source>All are as they should be.</source>
        <translation>全部正确。</translation>
    </message>
    <message>
        <source>Installed; the next run uses it.</source>
        <translation>已安装；下次运行即使用。</translation>
    </message>
</context>
<context>
    <name>Names</name>
    <message>
        <source>Open</source>
        <translation>打开</translation>
    </message>
    <message>
        <source>Scan</source>
        <translation>扫描</translation>
    </message>
    <message>
        <source>Processed</source>
        <translation>处理后</translation>
    </message>
    <message>
        <source>Boxes</source>
        <translation>检测框</translation>
    </message>
    <message>
        <source>Prior</source>
        <translation>先验</translation>
    </message>
    <message>
        <source>Coarse prior</source>
        <translation>粗定位先验</translation>
    </message>
    <message>
        <source>Refined prior</source>
        <translation>精细先验</translation>
    </message>
    <message>
        <source>Grad-CAM</source>
        <translation>Grad-CAM</translation>
    </message>
    <message>
        <source>Diagnosis</source>
        <translation>诊断</translation>
    </message>
    <message>
        <source>Report</source>
        <translation>报告</translation>
    </message>
    <message>
        <source>Scan alone</source>
        <translation>仅扫描</translation>
    </message>
    <message>
        <source>not yet</source>
        <translation>尚未开始</translation>
    </message>
    <message>
        <source>running</source>
        <translation>运行中</translation>
    </message>
    <message>
        <source>done</source>
        <translation>已完成</translation>
    </message>
    <message>
        <source>update needed</source>
        <translation>需要更新</translation>
    </message>
    <message>
        <source>attention</source>
        <translation>注意</translation>
    </message>
    <message>
        <source>passed</source>
        <translation>通过</translation>
    </message>
    <message>
        <source>refused</source>
        <translation>拒绝</translation>
    </message>
    <message>
        <source>Axial</source>
        <translation>轴位</translation>
    </message>
    <message>
        <source>Coronal</source>
        <translation>冠状位</translation>
    </message>
    <message>
        <source>Sagittal</source>
        <translation>矢状位</translation>
    </message>
    <message>
        <source>Four views</source>
        <translation>四视图</translation>
    </message>
    <message>
        <source>Auto</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>Full range</source>
        <translation>全范围</translation>
    </message>
    <message>
        <source>Narrow</source>
        <translation>窄</translation>
    </message>
    <message>
        <source>Wide</source>
        <translation>宽</translation>
    </message>
    <message>
        <source>right</source>
        <translation>右侧</translation>
    </message>
    <message>
        <source>left</source>
        <translation>左侧</translation>
    </message>
    <message>
        <source>anterior</source>
        <translation>前</translation>
    </message>
    <message>
        <source>posterior</source>
        <translation>后</translation>
    </message>
    <message>
        <source>superior</source>
        <translation>上</translation>
    </message>
    <message>
        <source>inferior</source>
        <translation>下</translation>
    </message>
    <message>
        <source>top</source>
        <translation>上缘</translation>
    </message>
    <message>
        <source>bottom</source>
        <translation>下缘</translation>
    </message>
    <message>
        <source>VLM server {model}</source>
        <translation>VLM 服务器 {model}</translation>
    </message>
</context>
<context>
    <name>OrientationLetters</name>
    <message>
        <source>{edge} of the image: {side} of the patient</source>
        <translation>图像{edge}：患者{side}</translation>
    </message>
</context>
<context>
    <name>Overlay</name>
    <message>
        <source>reader</source>
        <translation>阅片者</translation>
    </message>
</context>
<context>
    <name>PatientBanner</name>
    <message>
        <source>No identity in the file</source>
        <translation>文件中无身份信息</translation>
    </message>
    <message>
        <source>SYNTHETIC CASE</source>
        <translation>合成病例</translation>
    </message>
    <message>
        <source>DEMONSTRATION MODEL</source>
        <translation>演示模型</translation>
    </message>
    <message>
        <source>RESEARCH USE ONLY</source>
        <translation>仅供研究使用</translation>
    </message>
    <message>
        <source>Trained on synthetic cases: not for clinical use.</source>
        <translation>基于合成病例训练：不得用于临床。</translation>
    </message>
    <message>
        <source>Not a substitute for biopsy.</source>
        <translation>不能替代活检。</translation>
    </message>
    <message>
        <source>No scan open</source>
        <translation>未打开扫描</translation>
    </message>
    <message>
        <source>born {date}</source>
        <translation>出生 {date}</translation>
    </message>
    <message>
        <source>{age} y</source>
        <translation>{age} 岁</translation>
    </message>
    <message>
        <source>sex {sex}</source>
        <translation>性别 {sex}</translation>
    </message>
    <message>
        <source>ID {id}</source>
        <translation>ID {id}</translation>
    </message>
    <message>
        <source>No study information in the file</source>
        <translation>文件中无检查信息</translation>
    </message>
    <message>
        <source>OBLIQUE BY {angle}°</source>
        <translation>倾斜 {angle}°</translation>
    </message>
    <message>
        <source>Shown on the scan&apos;s own voxel grid, not turned to the axes of the patient.</source>
        <translation>按扫描自身的体素网格显示，未转到患者坐标轴。</translation>
    </message>
    <message>
        <source>Native</source>
        <translation>原始</translation>
    </message>
    <message>
        <source>The scan as it was read.</source>
        <translation>读入的原始扫描。</translation>
    </message>
    <message>
        <source>The processed scan in the space of the MNI152 template.</source>
        <translation>MNI152 模板空间中处理后的扫描。</translation>
    </message>
    <message>
        <source>Show the {space} space</source>
        <translation>显示{space}空间</translation>
    </message>
</context>
<context>
    <name>PerformancePage</name>
    <message>
        <source>Performance</source>
        <translation>性能</translation>
    </message>
    <message>
        <source>Brain extraction and registration</source>
        <translation>脑提取与配准</translation>
    </message>
    <message>
        <source>Fast</source>
        <translation>快速</translation>
    </message>
    <message>
        <source>Accurate (many minutes)</source>
        <translation>精确（需多分钟）</translation>
    </message>
    <message>
        <source>Networks run on</source>
        <translation>网络运行于</translation>
    </message>
    <message>
        <source>A graphics card if there is one</source>
        <translation>有显卡则用显卡</translation>
    </message>
    <message>
        <source>The processor</source>
        <translation>处理器</translation>
    </message>
    <message>
        <source>All</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>Processor cores for a run</source>
        <translation>每次运行使用的处理器核心</translation>
    </message>
    <message>
        <source>Keep a process waiting for runs (about 1 GB; a run starts 10 s sooner)</source>
        <translation>保持一个待命进程（约 1 GB；运行提前约 10 秒开始）</translation>
    </message>
    <message>
        <source>The registration to the template always takes one core, so that it can be repeated to the bit. The choice of quality can be changed for each run.</source>
        <translation>到模板的配准始终只用一个核心，以便逐位重现。每次运行均可更改质量选择。</translation>
    </message>
</context>
<context>
    <name>PriorPanel</name>
    <message>
        <source>No box was marked, so there is no prior.</source>
        <translation>未标记检测框，因此没有先验。</translation>
    </message>
    <message>
        <source>Nothing was measured.</source>
        <translation>未作测量。</translation>
    </message>
</context>
<context>
    <name>PrivacyPage</name>
    <message>
        <source>Privacy</source>
        <translation>隐私</translation>
    </message>
    <message>
        <source>List the cases that were open on the first page</source>
        <translation>在首页列出打开过的病例</translation>
    </message>
    <message>
        <source>Empty the list</source>
        <translation>清空列表</translation>
    </message>
    <message>
        <source>Delete corrections that were kept and not computed with</source>
        <translation>删除已保存但未计算的修正</translation>
    </message>
    <message>
        <source>Nothing leaves this machine unless a server elsewhere was chosen under Boxes (VLM) and agreed to; then it is pixels of slices only, without identity.</source>
        <translation>除非在“检测框（VLM）”中选择并同意使用其他机器上的服务器，否则数据不会离开本机；即便如此，也仅发送层面像素，不含身份信息。</translation>
    </message>
    <message>
        <source>Cases lie in {cases}. A case folder holds the patient&apos;s identity in patient.json, source_dicom.json and report.pdf; the list above holds folder names only.</source>
        <translation>病例位于 {cases}。病例文件夹在 patient.json、source_dicom.json 和 report.pdf 中含有患者身份；上述列表仅含文件夹名称。</translation>
    </message>
    <message>
        <source>Kept now: {cases} cases in the list, corrections of {kept} cases.</source>
        <translation>当前保存：列表中 {cases} 个病例，{kept} 个病例的修正。</translation>
    </message>
</context>
<context>
    <name>ProbabilityBars</name>
    <message>
        <source> (in the prediction set)</source>
        <translation>（在预测集内）</translation>
    </message>
</context>
<context>
    <name>Progress</name>
    <message>
        <source>Reading the scan</source>
        <translation>正在读取扫描</translation>
    </message>
    <message>
        <source>Reading DICOM headers</source>
        <translation>正在读取 DICOM 头</translation>
    </message>
    <message>
        <source>Decoding the slices</source>
        <translation>正在解码层面</translation>
    </message>
    <message>
        <source>Copying the case</source>
        <translation>正在复制病例</translation>
    </message>
    <message>
        <source>Making small pictures of the series</source>
        <translation>正在生成序列缩略图</translation>
    </message>
    <message>
        <source>Extracting the brain</source>
        <translation>正在提取脑组织</translation>
    </message>
    <message>
        <source>Extracting the brain (HD-BET 2)</source>
        <translation>正在提取脑组织（HD-BET 2）</translation>
    </message>
    <message>
        <source>Extracting the brain (HD-BET, pass {} of {})</source>
        <translation>正在提取脑组织（HD-BET，第 {} / {} 遍）</translation>
    </message>
    <message>
        <source>Correcting the bias field (N4)</source>
        <translation>正在校正偏置场（N4）</translation>
    </message>
    <message>
        <source>Aligning to the template (SyN)</source>
        <translation>正在配准到模板（SyN）</translation>
    </message>
    <message>
        <source>Looking for the lesion, to leave it out of the alignment</source>
        <translation>正在寻找病灶，以便配准时排除</translation>
    </message>
    <message>
        <source>Resampling to the template</source>
        <translation>正在重采样到模板</translation>
    </message>
    <message>
        <source>Looking at {} slices</source>
        <translation>正在查看 {} 个层面</translation>
    </message>
    <message>
        <source>Looked at slice {} of {}</source>
        <translation>已查看第 {} / {} 层</translation>
    </message>
    <message>
        <source>No tumour found</source>
        <translation>未发现肿瘤</translation>
    </message>
    <message>
        <source>Stacking and smoothing the boxes</source>
        <translation>正在叠加并平滑检测框</translation>
    </message>
    <message>
        <source>Refining the prior</source>
        <translation>正在细化先验</translation>
    </message>
    <message>
        <source>Diagnosing</source>
        <translation>正在诊断</translation>
    </message>
    <message>
        <source>Computing Grad-CAM</source>
        <translation>正在计算 Grad-CAM</translation>
    </message>
    <message>
        <source>Looking at mirrored and moved copies</source>
        <translation>正在查看镜像和平移副本</translation>
    </message>
    <message>
        <source>Diagnosed</source>
        <translation>诊断完成</translation>
    </message>
    <message>
        <source>Writing the report</source>
        <translation>正在撰写报告</translation>
    </message>
</context>
<context>
    <name>ProgressPanel</name>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Cancelling ends the run at once; the case folder stays as it was.</source>
        <translation>取消会立即结束运行；病例文件夹保持原样。</translation>
    </message>
    <message>
        <source>Starting</source>
        <translation>正在启动</translation>
    </message>
</context>
<context>
    <name>QueuePanel</name>
    <message>
        <source>QUEUE</source>
        <translation>队列</translation>
    </message>
    <message>
        <source>Analysed one after the other in the background, with the choices above; you can read on.</source>
        <translation>按上方的设置在后台逐个分析；您可以继续阅片。</translation>
    </message>
    <message>
        <source>Queue of scans</source>
        <translation>扫描队列</translation>
    </message>
    <message>
        <source>Add files…</source>
        <translation>添加文件…</translation>
    </message>
    <message>
        <source>Add a folder…</source>
        <translation>添加文件夹…</translation>
    </message>
    <message>
        <source>Read</source>
        <translation>阅片</translation>
    </message>
    <message>
        <source>Take out</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>waiting</source>
        <translation>等待中</translation>
    </message>
    <message>
        <source>running</source>
        <translation>运行中</translation>
    </message>
    <message>
        <source>done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>Add files</source>
        <translation>添加文件</translation>
    </message>
    <message>
        <source>Add a folder</source>
        <translation>添加文件夹</translation>
    </message>
</context>
<context>
    <name>RatingsPanel</name>
    <message>
        <source>PLAUSIBILITY</source>
        <translation>可信程度</translation>
    </message>
    <message>
        <source>How plausible is the evidence? 1: not at all, 5: entirely.</source>
        <translation>证据有多可信？1：完全不可信，5：完全可信。</translation>
    </message>
    <message>
        <source>{evidence}: plausibility {score} of 5</source>
        <translation>{evidence}：可信程度 {score} / 5</translation>
    </message>
    <message>
        <source>Export all ratings…</source>
        <translation>导出全部评分…</translation>
    </message>
    <message>
        <source>The ratings and impressions of every case in the folder of cases, as CSV</source>
        <translation>病例文件夹中所有病例的评分与印象，CSV 格式</translation>
    </message>
    <message>
        <source>Export all ratings</source>
        <translation>导出全部评分</translation>
    </message>
</context>
<context>
    <name>ReaderWork</name>
    <message>
        <source>The reading can&apos;t be saved: {cause}.</source>
        <translation>无法保存阅片记录：{cause}。</translation>
    </message>
</context>
<context>
    <name>RegionPanel</name>
    <message>
        <source>READER&apos;S REGION</source>
        <translation>阅片者区域</translation>
    </message>
    <message>
        <source>Painted by the reader in native space and kept with the case. Its volume is listed with the reader&apos;s measurements; priors and diagnosis are not computed from it.</source>
        <translation>由阅片者在原始空间绘制并随病例保存。其体积列在阅片者测量中；先验与诊断不由其计算。</translation>
    </message>
    <message>
        <source>Begin with the localised region</source>
        <translation>以定位区域为起点</translation>
    </message>
    <message>
        <source>Paint</source>
        <translation>绘制</translation>
    </message>
    <message>
        <source>Drag paints on the slice; with Shift it rubs out</source>
        <translation>拖动在层面上绘制；按住 Shift 擦除</translation>
    </message>
    <message>
        <source>Take out</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Radius of the brush in mm</source>
        <translation>画笔半径（mm）</translation>
    </message>
    <message>
        <source>Brush</source>
        <translation>画笔</translation>
    </message>
    <message>
        <source>Show over the image</source>
        <translation>叠加显示在图像上</translation>
    </message>
    <message>
        <source>No region of the reader&apos;s.</source>
        <translation>没有阅片者区域。</translation>
    </message>
    <message>
        <source>{volume} mL, painted by {reader}</source>
        <translation>{volume} mL，由 {reader} 绘制</translation>
    </message>
</context>
<context>
    <name>ReportPage</name>
    <message>
        <source>Reader and report</source>
        <translation>阅片者与报告</translation>
    </message>
    <message>
        <source>Reader&apos;s name</source>
        <translation>阅片者姓名</translation>
    </message>
    <message>
        <source>Institution</source>
        <translation>机构</translation>
    </message>
    <message>
        <source>the one that the scan names</source>
        <translation>扫描中所写的机构</translation>
    </message>
    <message>
        <source>Logo (PNG or JPEG)</source>
        <translation>徽标（PNG 或 JPEG）</translation>
    </message>
    <message>
        <source>none</source>
        <translation>无</translation>
    </message>
    <message>
        <source>Choose a picture…</source>
        <translation>选择图片…</translation>
    </message>
    <message>
        <source>As the window</source>
        <translation>与窗口相同</translation>
    </message>
    <message>
        <source>Language of the report</source>
        <translation>报告语言</translation>
    </message>
    <message>
        <source>Paper</source>
        <translation>纸张</translation>
    </message>
    <message>
        <source>The reader&apos;s name stands beside corrections and accepted gates. Institution, logo, language and paper are used by the next run.</source>
        <translation>阅片者姓名记录在修正和已接受的关卡旁。机构、徽标、语言和纸张用于下一次运行。</translation>
    </message>
    <message>
        <source>Choose a logo</source>
        <translation>选择徽标</translation>
    </message>
    <message>
        <source>Pictures (*.png *.jpg *.jpeg)</source>
        <translation>图片 (*.png *.jpg *.jpeg)</translation>
    </message>
    <message>
        <source>This file is no picture that can be read: the report would stay without a logo.</source>
        <translation>该文件不是可读取的图片：报告将没有徽标。</translation>
    </message>
</context>
<context>
    <name>ReportPanel</name>
    <message>
        <source>There is no report yet: analyse a scan first.</source>
        <translation>尚无报告：请先分析一次扫描。</translation>
    </message>
    <message>
        <source>Save as…</source>
        <translation>另存为…</translation>
    </message>
    <message>
        <source>Print…</source>
        <translation>打印…</translation>
    </message>
    <message>
        <source>The report can&apos;t be written to {target}: {cause}.</source>
        <translation>无法将报告写入 {target}：{cause}。</translation>
    </message>
    <message>
        <source>Choose a folder that you may write to.</source>
        <translation>请选择有写入权限的文件夹。</translation>
    </message>
    <message>
        <source>Save the report</source>
        <translation>保存报告</translation>
    </message>
</context>
<context>
    <name>Ribbon</name>
    <message>
        <source>slice {n}</source>
        <translation>第 {n} 层</translation>
    </message>
    <message>
        <source>1 box</source>
        <translation>1 个检测框</translation>
    </message>
    <message>
        <source>{n} boxes</source>
        <translation>{n} 个检测框</translation>
    </message>
    <message>
        <source>prior {area} cm²</source>
        <translation>先验 {area} cm²</translation>
    </message>
    <message>
        <source>Grad-CAM up to {value}</source>
        <translation>Grad-CAM 最高 {value}</translation>
    </message>
</context>
<context>
    <name>ScanPanel</name>
    <message>
        <source>QUALITY GATES</source>
        <translation>质量关卡</translation>
    </message>
    <message>
        <source>{grid} voxels of {edges} mm</source>
        <translation>{grid} 体素，每体素 {edges} mm</translation>
    </message>
    <message>
        <source>ACQUISITION</source>
        <translation>采集</translation>
    </message>
    <message>
        <source>Institution: {name}</source>
        <translation>机构：{name}</translation>
    </message>
    <message>
        <source>The file says nothing of how the scan was acquired.</source>
        <translation>文件未说明扫描的采集方式。</translation>
    </message>
</context>
<context>
    <name>SeriesDialog</name>
    <message>
        <source>Series of this examination</source>
        <translation>本次检查的序列</translation>
    </message>
    <message>
        <source>Choose the contrast-enhanced T1</source>
        <translation>选择增强 T1</translation>
    </message>
    <message>
        <source>Series</source>
        <translation>序列</translation>
    </message>
    <message>
        <source>What</source>
        <translation>类型</translation>
    </message>
    <message>
        <source>Description</source>
        <translation>描述</translation>
    </message>
    <message>
        <source>Grid</source>
        <translation>网格</translation>
    </message>
    <message>
        <source>Voxel, mm</source>
        <translation>体素，mm</translation>
    </message>
    <message>
        <source>Plane</source>
        <translation>平面</translation>
    </message>
    <message>
        <source>T1-CE</source>
        <translation>T1-CE</translation>
    </message>
    <message>
        <source>Open this series</source>
        <translation>打开此序列</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>can&apos;t be used</source>
        <translation>不可用</translation>
    </message>
    <message>
        <source>proposed</source>
        <translation>建议</translation>
    </message>
    <message>
        <source>Choose a series to see what speaks for it.</source>
        <translation>选择一个序列以查看依据。</translation>
    </message>
</context>
<context>
    <name>SettingsDialog</name>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Pages of the settings</source>
        <translation>设置页面</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
</context>
<context>
    <name>SliceRibbon</name>
    <message>
        <source>Slice</source>
        <translation>层面</translation>
    </message>
    <message>
        <source>Boxes, prior and Grad-CAM along the slices; click to go there.</source>
        <translation>检测框、先验与 Grad-CAM 沿层面的分布；点击跳转。</translation>
    </message>
</context>
<context>
    <name>Stages</name>
    <message>
        <source>Read the scan</source>
        <translation>读取扫描</translation>
    </message>
    <message>
        <source>Standardise: brain, bias field, template</source>
        <translation>标准化：脑提取、偏置场、模板</translation>
    </message>
    <message>
        <source>Localise: boxes and priors</source>
        <translation>定位：检测框与先验</translation>
    </message>
    <message>
        <source>Diagnose: classes and Grad-CAM</source>
        <translation>诊断：类别与 Grad-CAM</translation>
    </message>
    <message>
        <source>Write the report</source>
        <translation>撰写报告</translation>
    </message>
</context>
<context>
    <name>StaleBar</name>
    <message>
        <source>Update</source>
        <translation>更新</translation>
    </message>
    <message>
        <source>Discard</source>
        <translation>放弃</translation>
    </message>
    <message>
        <source>Update needed: 1 correction of the boxes is not computed with yet.</source>
        <translation>需要更新：1 处检测框修正尚未计算。</translation>
    </message>
    <message>
        <source>Update needed: {n} corrections of the boxes are not computed with yet.</source>
        <translation>需要更新：{n} 处检测框修正尚未计算。</translation>
    </message>
</context>
<context>
    <name>StartPage</name>
    <message>
        <source>Reads one contrast-enhanced T1 MRI of the head, marks the tumour slice by slice and names glioma, PCNSL, germinoma or another rare tumour, with the evidence for it and what speaks against it.</source>
        <translation>读取一次头部增强 T1 MRI，逐层标记肿瘤，并判断为胶质瘤、原发性中枢神经系统淋巴瘤、生殖细胞瘤或其他罕见肿瘤，同时给出依据以及不支持之处。</translation>
    </message>
    <message>
        <source>Open a scan…</source>
        <translation>打开扫描…</translation>
    </message>
    <message>
        <source>DICOM or case folder…</source>
        <translation>DICOM 或病例文件夹…</translation>
    </message>
    <message>
        <source>Open the demo case</source>
        <translation>打开演示病例</translation>
    </message>
    <message>
        <source>Or drop a file, a DICOM folder or a case folder on this window.</source>
        <translation>或将文件、DICOM 文件夹或病例文件夹拖放到此窗口。</translation>
    </message>
    <message>
        <source>CASES THAT WERE OPEN</source>
        <translation>打开过的病例</translation>
    </message>
    <message>
        <source>Cases that were open</source>
        <translation>打开过的病例</translation>
    </message>
    <message>
        <source>The diagnoser that ships is a demonstration model, trained on synthetic cases. Your own models are installed under Settings and lie in {folder}.</source>
        <translation>随附的诊断模型是基于合成病例训练的演示模型。您自己的模型在“设置”中安装，位于 {folder}。</translation>
    </message>
    <message>
        <source>Settings…</source>
        <translation>设置…</translation>
    </message>
</context>
<context>
    <name>StepsRail</name>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Settings (Ctrl+,)</source>
        <translation>设置（Ctrl+,）</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>快捷键</translation>
    </message>
    <message>
        <source>Keys of the window (F1)</source>
        <translation>窗口快捷键（F1）</translation>
    </message>
</context>
<context>
    <name>VlmPage</name>
    <message>
        <source>Boxes (VLM)</source>
        <translation>检测框（VLM）</translation>
    </message>
    <message>
        <source>Built-in detector (offline, not a VLM)</source>
        <translation>内置检测器（离线，非 VLM）</translation>
    </message>
    <message>
        <source>Qwen3-VL on this machine</source>
        <translation>本机 Qwen3-VL</translation>
    </message>
    <message>
        <source>Server (OpenAI protocol: vLLM, llama.cpp, Ollama)</source>
        <translation>服务器（OpenAI 协议：vLLM、llama.cpp、Ollama）</translation>
    </message>
    <message>
        <source>Backend</source>
        <translation>后端</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>地址</translation>
    </message>
    <message>
        <source>Slices may be sent to a server that is not this machine (pixels only, no identity)</source>
        <translation>允许将层面发送到本机以外的服务器（仅像素，不含身份）</translation>
    </message>
    <message>
        <source>Check the connection</source>
        <translation>检查连接</translation>
    </message>
    <message>
        <source>Give the address of the server first.</source>
        <translation>请先填写服务器地址。</translation>
    </message>
    <message>
        <source>Asking…</source>
        <translation>正在询问…</translation>
    </message>
    <message>
        <source>Check the model</source>
        <translation>检查模型</translation>
    </message>
    <message>
        <source>A folder with the weights, or the name of a model on the hub, which the first run fetches. It needs a graphics card to be quick.</source>
        <translation>权重所在文件夹，或模型库中的名称（首次运行时下载）。需要显卡才能快速运行。</translation>
    </message>
    <message>
        <source>The name under which the server offers its model, and its address. A server on this machine needs no consent; each run that sends slices elsewhere is written into the case&apos;s log.</source>
        <translation>服务器提供模型所用的名称及其地址。本机服务器无需同意；凡将层面发送到别处的运行都会写入病例日志。</translation>
    </message>
    <message>
        <source>It ships with the program and needs neither network nor graphics card.</source>
        <translation>随程序附带，无需网络和显卡。</translation>
    </message>
    <message>
        <source>The detector is there, and its weights are as its card says.</source>
        <translation>检测器存在，其权重与说明卡一致。</translation>
    </message>
    <message>
        <source>This is the name of a model on the hub: the first run fetches its weights.</source>
        <translation>这是模型库中的名称：首次运行时下载权重。</translation>
    </message>
    <message>
        <source>{folder} holds no config.json with *.safetensors beside it</source>
        <translation>{folder} 中没有 config.json 及 *.safetensors</translation>
    </message>
    <message>
        <source>The folder holds {n} files of weights, {size} GB.</source>
        <translation>文件夹含 {n} 个权重文件，共 {size} GB。</translation>
    </message>
</context>
<context>
    <name>Window</name>
    <message>
        <source>Loading the viewer…</source>
        <translation>正在加载查看器…</translation>
    </message>
    <message>
        <source>The image appears in a few seconds.</source>
        <translation>图像将在几秒后出现。</translation>
    </message>
    <message>
        <source>Step</source>
        <translation>步骤</translation>
    </message>
    <message>
        <source>Layers</source>
        <translation>图层</translation>
    </message>
    <message>
        <source>Ready</source>
        <translation>就绪</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Window width and level of the greys: the scanner&apos;s own values, in MNI space z-scores</source>
        <translation>灰度的窗宽与窗位：扫描仪自身数值；MNI 空间为 z 分数</translation>
    </message>
</context>
<context>
    <name>WindowControl</name>
    <message>
        <source>Window / level: drag with the right button
(right: wider, down: darker);
right double-click or {key}: automatic window</source>
        <translation>窗宽 / 窗位：按住右键拖动
（向右更宽，向下更暗）；
右键双击或 {key}：自动窗</translation>
    </message>
    <message>
        <source>Window / level</source>
        <translation>窗宽 / 窗位</translation>
    </message>
    <message>
        <source>z-score</source>
        <translation>z 分数</translation>
    </message>
</context>
<context>
    <name>_Glass</name>
    <message>
        <source>3D: brightest voxels; prior &gt; 0.5, Grad-CAM &gt; 0.6</source>
        <translation>3D：最亮体素；先验 &gt; 0.5，Grad-CAM &gt; 0.6</translation>
    </message>
</context>
</TS>
