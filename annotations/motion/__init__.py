"""Motion of the tissue: what moves between rest and contraction, how far, and how sure that is.

Every module takes frames as greyscale arrays ``[row, column]`` and points as ``(x_px, y_px)`` in image
coordinates, whose origin is the top-left corner of the top-left pixel. Lengths are in millimetres where the
clip carries a scale and in pixels where it does not; a result says which.
"""
