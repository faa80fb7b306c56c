"""What holds of calls whatever the database: events, call-backs, what is said and spelled out."""
