"""How Messenger speaks: what its webhook posts, and what its Send API takes."""
