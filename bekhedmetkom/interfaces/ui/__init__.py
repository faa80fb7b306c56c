"""Shared user interface: base templates, design tokens, components, icons and template tags of every interface."""
