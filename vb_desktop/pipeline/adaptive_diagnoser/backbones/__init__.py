"""3D feature extractors (paper, Eq. 6 and Table 3), one file each, with one interface: `backbone.Backbone`."""
