"""One title as one person sees it: its dates and how they came, what they will hear, heard and did not hear."""
