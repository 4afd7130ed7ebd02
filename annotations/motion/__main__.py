"""``python -m annotations.motion``: the same as ``python -m annotations motion``."""

from annotations.motion.command import app

if __name__ == "__main__":
    app(prog_name="python -m annotations.motion")
