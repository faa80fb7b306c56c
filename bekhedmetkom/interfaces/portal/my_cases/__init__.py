"""All cases of one person together: after a one-time code, or after signing in with the national identity."""
