# What the map says besides the names of places.
places-close-together =
    { $n ->
        [one] { $n } place
       *[other] { $n } places close together
    }
