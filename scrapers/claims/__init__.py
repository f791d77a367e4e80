"""The pages on which statements that are not prices rest."""
