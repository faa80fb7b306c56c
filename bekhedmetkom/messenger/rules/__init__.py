"""Rules of Messenger: webhook events and the Send API."""
