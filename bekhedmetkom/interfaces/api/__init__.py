"""The platform for programs: REST at `/api/v1`, for anyone, for who has an access code, for officers' own systems."""
