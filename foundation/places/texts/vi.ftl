# What the map says besides the names of places.
places-close-together = { $n } nơi gần nhau
