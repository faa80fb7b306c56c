"""The API's page for people, drawn from the OpenAPI document: in both languages, without a script."""
