"""Rules of the call centre: exchange events, call-backs, scripts and spelling."""
