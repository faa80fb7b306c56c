"""What comes back from those who carry our messages: receipts of SMS, and readers who want no more of them."""
