"""English sentences of `measurement`: how each item was measured."""

SENTENCES: dict[str, str] = {
    "measurement.volume.method": "Voxels with refined prior > 0.5, times the volume of a voxel; all regions together.",
    "measurement.regions.method": "Connected regions (26 neighbours) of at least {least} mL.",
    "measurement.diameter_long.method": (
        "Longest diameter of the largest region on the axial slice where its area is largest; outline at prior 0.5."
    ),
    "measurement.diameter_perp.method": "Longest unbroken line perpendicular to it on the same slice.",
    "measurement.tilt": "The slices are oblique by {degrees} degrees to the axial plane of the scanner.",
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
        "Centroid of the largest region, in millimetres to the right, anterior and superior."
    ),
    "measurement.structures.method": (
        "Share of the region's voxels in each structure of the Desikan-Killiany atlas, carried into the patient's own "
        "space; good to {tolerance} mm where the alignment is good, less where a mass displaces. Shares below "
        "{least} % are left out; white matter within 6 mm of a gyrus counts to its lobe."
    ),
    "measurement.ventricle_distance.method": (
        "Shortest distance from the region to a ventricle of the same atlas, in the patient's own space "
        "({tolerance} mm); 0 is contact."
    ),
    "measurement.eloquent.method": (
        "Shortest distance from the region to the structure of the same atlas, by anatomical label alone "
        "({tolerance} mm): function and language dominance were not assessed. The atlas has no tracts."
    ),
    "measurement.enhancement.method": (
        "Inside the region, on the processed scan: enhancing is brighter than the patient's white matter by "
        "{spreads} robust spreads; core is what it encloses on axial slices, gaps of {gap} mm closed. Ring: "
        "core of at least {share} %; hardly: below {least} mL or {few} % of the region enhancing."
    ),
    "measurement.midline_shift.method": (
        "Distance of septum pellucidum and third ventricle from the plane of the falx, as the alignment with the "
        "symmetric template places them; the larger of the two. Not measured on the image itself."
    ),
}
