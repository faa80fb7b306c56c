"""The shared look: base pages, tokens and components, icons, and the template tags that every door uses."""
