"""Open311 GeoReport v2: other makers' programs bring cases and read what is public of them (docs/decisions/0051)."""
