"""The national call centre: what its telephone exchange calls, and the console of its agents."""
