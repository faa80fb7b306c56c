"""Webhooks of mail servers and SMS gateways, and the unsubscribe page."""
