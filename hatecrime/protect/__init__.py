"""Small numbers: what an audience is offered, which cells are withheld, and what an attacker could still work out."""
