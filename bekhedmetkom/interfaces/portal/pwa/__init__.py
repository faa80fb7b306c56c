"""The portal as a progressive web app: manifest, service worker and offline pages."""
