"""From what partners send to one read-only snapshot: read, map, check, locate, build."""
