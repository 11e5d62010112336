"""python -m hatecrime.cli"""

from hatecrime.cli import app

app()
