"""The national call centre: the agents' console and the webhook of the telephone exchange."""
