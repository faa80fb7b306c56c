"""An address that its owner knows again and nobody else can write to."""


def masked_email(address: str) -> str:
    """`l•••@example.jo`."""
    name, _, host = address.partition("@")
    return f"{name[:1]}•••@{host}"
