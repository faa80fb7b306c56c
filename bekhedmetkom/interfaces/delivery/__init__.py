"""What comes back from those who carry our messages: receipts of SMS, answers, and readers who want no more of them."""
