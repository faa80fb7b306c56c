"""Pure rules and formats of the box, without database or pages."""
