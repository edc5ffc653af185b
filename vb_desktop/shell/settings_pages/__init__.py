"""The pages of the settings: each keeps what is chosen at once."""
