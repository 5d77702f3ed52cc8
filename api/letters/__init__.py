"""Letters as PDF: how text becomes pages, in which fonts. Knows nothing of what a letter says."""
