"""The portal as an installed app: manifest, service worker, the pages that work without a network."""
