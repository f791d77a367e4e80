"""The sections of a report: one function each, from the context to blocks."""
