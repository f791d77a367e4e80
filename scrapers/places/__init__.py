"""Places in bodies: locators, and what stands there."""
