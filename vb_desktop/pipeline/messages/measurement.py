"""English sentences of `measurement`: how each item was measured."""

SENTENCES: dict[str, str] = {
    "measurement.volume.method": "Voxels with refined prior > 0.5, times the volume of a voxel; all regions together.",
    "measurement.regions.method": "Connected regions (26 neighbours) of at least {least} mL.",
    "measurement.diameter_long.method": (
        "Longest diameter of the largest region on the axial slice where its area is largest; outline at prior 0.5."
    ),
    "measurement.diameter_perp.method": "Longest unbroken line perpendicular to it on the same slice.",
    "measurement.tilt": " The slices are oblique by {degrees} degrees to the axial plane of the scanner.",
    "measurement.axes.method": (
        "Extents of the largest region along the axes of the scanner: "
        "right-left, anterior-posterior, superior-inferior."
    ),
    "measurement.side.method": (
        "From the centroid in MNI space and the share of the region on each side of x = 0 there; "
        "midline crossing where the smaller share is at least {share} %."
    ),
    "measurement.midline_distance.method": (
        "Distance of the centroid of the largest region from x = 0 in MNI space, not in the patient's own space."
    ),
    "measurement.location.method": (
        "Centroid of the largest region, in millimetres to the right, anterior and superior; "
        "lobe and atlas labels are not assessed."
    ),
}
