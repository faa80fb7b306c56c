"""Many cases, one cause: found by what they say, where and when; said to be one by people, mended by a day."""
