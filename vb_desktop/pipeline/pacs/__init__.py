"""The hospital's archive, where somebody has set one up: query, retrieve, store. Nothing is contacted by itself."""
