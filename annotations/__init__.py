"""What is said about a case: marks, measurements, the motion of the tissue."""
