"""Volume, diameters and place of the localised region."""
