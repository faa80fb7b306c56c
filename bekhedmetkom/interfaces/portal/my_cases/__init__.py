"""All cases of one person, after a one-time code or a sign-in with the national identity."""
