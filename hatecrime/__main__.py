"""python -m hatecrime"""

from hatecrime.cli import app

app(prog_name="hatecrime")
