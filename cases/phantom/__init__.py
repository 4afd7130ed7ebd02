"""A moving digital thigh and the simulated scanners that image it: makes the bundled clips, never runs in the app."""
