"""Reports of months that have ended: their list, each as a page, as a paper, and its tables to take along."""
