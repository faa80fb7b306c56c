"""How the bodies answer people, as figures: roll-ups of the journal, indicators, boards."""
