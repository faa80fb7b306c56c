"""What people are told of a case, in which words, how and when. Pure."""
