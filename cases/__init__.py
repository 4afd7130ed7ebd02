"""What a case is: its text, its clips, their calibration and timing."""
