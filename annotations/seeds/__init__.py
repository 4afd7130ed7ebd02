"""The marks that come with simulated clips: their places from the truth of the simulation, their words from us."""
