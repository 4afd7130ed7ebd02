"""Marks in the formats of other programs: written, read back, and what each of them cannot hold."""
