"""The citizens' portal, in Arabic at `/` and in English at `/en/`."""
